"""The protocol, pure: values, dialects, building requests and reading answers. No I/O, no clock, no randomness."""
