"""Two runs side by side, as a view and as a screen."""
