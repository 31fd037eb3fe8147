"""What a run is started with: its inputs, each described once, and what was known then."""
