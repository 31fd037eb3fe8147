"""Answers that did not reach the listener."""
