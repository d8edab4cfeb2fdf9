"""What is configured? The source document, its routes and the directory that caches both."""
