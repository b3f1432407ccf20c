"""One module a peer; each is imported in the environment of the peers only, by the worker."""
