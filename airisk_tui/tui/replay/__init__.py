"""A recording, event by event, and its inputs run again."""
