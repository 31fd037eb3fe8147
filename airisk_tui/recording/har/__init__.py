"""Exporting and importing HAR files."""
