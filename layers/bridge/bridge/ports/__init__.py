"""Protocols that the use cases depend on and the adapters implement."""
