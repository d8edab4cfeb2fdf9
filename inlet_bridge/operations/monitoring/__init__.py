"""How many webhooks came over time, which are open, and which alarms ring?"""
