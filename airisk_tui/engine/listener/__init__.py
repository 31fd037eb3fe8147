"""The loopback listener that the browser is redirected to: sockets, TLS, HTTP, pages."""
