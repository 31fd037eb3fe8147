"""The widgets: the form and the views of a run."""
