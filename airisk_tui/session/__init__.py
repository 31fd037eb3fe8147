"""One start of the program, which uses the pure rooms, the engine and the sandbox, for the screen and the commands."""
