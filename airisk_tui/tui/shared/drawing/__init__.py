"""How text is drawn: foreign text, styles, times, contrast."""
