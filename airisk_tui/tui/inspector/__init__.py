"""The inspector: one exchange, down to the byte."""
