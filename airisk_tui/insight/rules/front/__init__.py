"""Answers in place of an endpoint: of a network, a gateway, the hosting platform."""
