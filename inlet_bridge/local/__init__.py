"""How do the templates run on this machine? The local cloud, and real webhooks through it."""
