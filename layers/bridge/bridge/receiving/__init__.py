"""What happens to a request or an event? Verify, deduplicate, deliver or buffer, and respond."""
