"""Which stored webhooks concern a person, and how are they erased?"""
