"""What is configured, does Adobe still have it, and what is paused?"""
