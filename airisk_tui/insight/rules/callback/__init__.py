"""Why the answer did not reach the listener."""
