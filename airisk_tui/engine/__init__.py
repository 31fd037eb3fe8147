"""Everything that touches the world: the loop that runs a flow, HTTP, the loopback listener, the browser, files, clocks."""
