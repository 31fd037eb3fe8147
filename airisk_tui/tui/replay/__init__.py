"""A recording on the screen: replayed without any I/O, or run again."""
