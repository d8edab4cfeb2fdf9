"""Senders that sign as their vendors' documentation says; they share no code with the bridge."""
