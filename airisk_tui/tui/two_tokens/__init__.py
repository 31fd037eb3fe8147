"""The two tokens of an application: the guided screen, its runs, its users."""
