"""Recordings: the log on disk, the library, replay, and the formats of other programs. No I/O except files."""
