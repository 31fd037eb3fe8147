"""Requests before they are sent: their parts, a person's edits, and mistakes in the inputs."""
