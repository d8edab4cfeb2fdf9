"""How does it get there? Reading answers, retry policy, batches and the buffered form."""
