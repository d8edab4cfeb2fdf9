"""Which schema do samples of webhooks have?"""
