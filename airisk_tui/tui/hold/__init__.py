"""The editor that opens when a run is held before one of its requests."""
