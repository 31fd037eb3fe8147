"""Readings of a state: the steps, the checks, whose token it is."""
