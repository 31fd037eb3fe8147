"""The keyboard: every key, the keys that a person chooses, the footer, a line of input."""
