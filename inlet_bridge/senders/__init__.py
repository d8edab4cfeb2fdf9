"""How do vendors sign webhooks? As they document it; shares no code with the bridge."""
