"""A recording as something to read: a bug report, an HTML page."""
