"""A run of the flow, pure: events (what happened), commands (what should be under way), and the state, a fold of the events."""
