"""The left column of the run screen: the form, the button that starts a run, and the request."""
