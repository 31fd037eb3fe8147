"""The terminal user interface: the only room that knows textual and rich (design.md, the rooms)."""
