"""Text of strangers, read and shown: JSON, dates, kinds of characters, and text that is safe to show."""
