"""The machine that the program runs on: what it is, its browser, its editor."""
