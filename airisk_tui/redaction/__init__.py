"""What may be written in clear, and the reference that stands in a secret's place."""
