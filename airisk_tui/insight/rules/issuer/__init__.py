"""Faults of a server of the standard dialect: in its metadata, and in what it sent."""
