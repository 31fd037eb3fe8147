"""The run screen: the form, the views of a run, the wait for the redirect."""
