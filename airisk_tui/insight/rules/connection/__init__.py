"""Why no connection came about: the listener, the network, TLS."""
