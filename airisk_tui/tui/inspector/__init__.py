"""The inspector: one step of a run, down to the bytes."""
