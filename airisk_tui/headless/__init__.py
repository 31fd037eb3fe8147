"""The commands without a screen, one a file: data on stdout, narration on stderr, one exit code for each outcome."""
