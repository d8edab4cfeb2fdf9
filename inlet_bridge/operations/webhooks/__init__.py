"""Which webhooks came? The list, its filters, and what is new in it."""
