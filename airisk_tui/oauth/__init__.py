"""OAuth as pure functions and values: dialects, requests to build, answers to read. No I/O, no clock, no randomness."""
