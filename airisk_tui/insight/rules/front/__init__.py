"""What stands in front of an endpoint answered in its place: a network, a gateway, the hosting platform."""
