"""How is the webhook of a source registered at its vendor?"""
