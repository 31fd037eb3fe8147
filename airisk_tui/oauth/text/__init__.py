"""Reading and showing text from outside: JSON, dates, kinds of characters, and text that is safe to show."""
