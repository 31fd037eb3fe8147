"""Recordings on disk: the format of a file, and the folder of files."""
