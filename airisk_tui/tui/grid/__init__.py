"""Many users side by side on the screen."""
