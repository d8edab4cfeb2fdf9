"""How does a message reach the inlet? Requests, batches, rate limit, allowed hosts."""
