"""The HTTP client: it sends a request, and keeps every byte and time of the exchange."""
