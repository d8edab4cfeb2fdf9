"""Who may see and change something, and what is recorded of it?"""
