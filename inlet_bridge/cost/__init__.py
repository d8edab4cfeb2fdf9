"""What does AWS charge for a month of webhooks?"""
