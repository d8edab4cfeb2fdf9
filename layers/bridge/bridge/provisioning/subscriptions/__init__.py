"""Register the webhooks of sources at their vendors."""
