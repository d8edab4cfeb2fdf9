"""What of a webhook may be shown?"""
