"""HAR files, out and in."""
