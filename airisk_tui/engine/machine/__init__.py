"""The machine on which the program runs: its kind, its browser, its editor."""
