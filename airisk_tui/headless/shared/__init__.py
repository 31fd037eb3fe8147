"""What the commands share that is not about a run: streams, signals, options, tables."""
