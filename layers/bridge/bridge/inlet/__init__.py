"""How does a message reach the inlet? Requests, responses, batches, rate limit and allowed hosts."""
