"""One exchange over HTTP: sending a request, and keeping every byte and every moment of it."""
