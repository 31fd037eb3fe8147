"""A run of the flow, without I/O: its events, the state, which is a fold of them, and the commands that a state wants."""
