"""One start of the program: where the pure rooms, the engine and the sandbox meet, for the screen and the commands alike."""
