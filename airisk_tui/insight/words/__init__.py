"""Facts of a run in words."""
