"""Requests before they are sent: their parts, what a person changes in them, and mistakes in what was filled in."""
