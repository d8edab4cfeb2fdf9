"""Preview the mapping of webhooks without a deployment."""
