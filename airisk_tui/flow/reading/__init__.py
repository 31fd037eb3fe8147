"""The results in a state: its steps, its checks, the user of its token."""
