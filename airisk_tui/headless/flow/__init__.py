"""What the commands share that is about a run: its options, narration, report and suite."""
