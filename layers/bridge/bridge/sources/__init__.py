"""Which sources are configured? Source documents, routes and the directory that caches them."""
