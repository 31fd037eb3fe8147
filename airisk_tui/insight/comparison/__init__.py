"""Two runs side by side, and the verdict on them in one sentence."""
