"""What happens to a request? Verify it, deduplicate it, then send or buffer it, and respond."""
