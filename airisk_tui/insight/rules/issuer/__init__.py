"""What is wrong with a server of the standard dialect: its metadata, and what it sent."""
