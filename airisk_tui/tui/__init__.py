"""The terminal user interface: the only package that imports textual and rich (architecture.md, the rooms)."""
