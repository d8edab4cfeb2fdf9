"""Sign webhooks as the vendors document it; shares no code with the bridge."""
