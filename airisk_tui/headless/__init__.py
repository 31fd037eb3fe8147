"""The commands without a screen, each in a file: data on stdout, narration on stderr, an exit code for each outcome."""
