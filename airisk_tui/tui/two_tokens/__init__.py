"""The two tokens of an application: the screen, its runs, its users."""
