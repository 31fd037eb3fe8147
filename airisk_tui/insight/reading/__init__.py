"""Readings of a run and its answers that several rules share."""
