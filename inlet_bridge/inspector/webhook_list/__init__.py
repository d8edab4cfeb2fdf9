"""What does the list of webhooks show, and what changes in it?"""
