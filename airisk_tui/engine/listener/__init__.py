"""The loopback listener, to which the browser is redirected: sockets, TLS, HTTP, pages."""
