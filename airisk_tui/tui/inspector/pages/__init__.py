"""The pages of the inspector's tabs."""
