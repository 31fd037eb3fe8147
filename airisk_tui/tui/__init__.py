"""The terminal user interface: the only room that knows textual and rich (architecture.md, the rooms)."""
