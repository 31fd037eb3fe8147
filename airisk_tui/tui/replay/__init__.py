"""A recording on the screen: replayed without network, or run again."""
