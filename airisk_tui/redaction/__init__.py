"""Deciding what may be written in clear, and replacing everything else by references (redaction.md)."""
