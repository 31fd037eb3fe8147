"""The parts that several screens share: their base, dialogs, text, styles, times."""
