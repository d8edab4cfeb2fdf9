"""The local cloud: deploys the templates on this machine and sends real webhooks through it."""
