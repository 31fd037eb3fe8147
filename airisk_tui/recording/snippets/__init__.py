"""The requests of a run as programs: bash with `curl`, and Python with its standard library."""
