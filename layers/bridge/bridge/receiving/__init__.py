"""Receive webhooks and events: verify, deduplicate, deliver or buffer, and respond."""
