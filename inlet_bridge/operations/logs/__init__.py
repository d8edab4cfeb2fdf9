"""What did the functions log of webhooks, and how is it found and followed?"""
