"""The grid of many users and what each of them reaches."""
