"""The local cloud: deploys template.yaml on this machine and sends real webhooks through it."""
