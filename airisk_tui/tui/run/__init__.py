"""The run screen: the form, the flow, the result."""
