"""The start of a run: its inputs, each described once, and the facts that were known then."""
