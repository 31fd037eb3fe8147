"""airisk-tui: an OAuth 2.0 flow debugger for AIRisk."""
