"""A run of the flow, pure: events (facts), commands (wishes), and the state that is a fold over the events."""
