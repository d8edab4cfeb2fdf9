"""Which sources are configured? Source documents, routes and their cache."""
