"""Reports of a recording for people: a bug report, an HTML page."""
