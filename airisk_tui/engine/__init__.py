"""All input and output: the loop that runs a flow, HTTP, the loopback listener, the browser, files, clocks."""
