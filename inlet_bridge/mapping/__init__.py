"""What do webhooks become by a map? A preview without a deployment."""
