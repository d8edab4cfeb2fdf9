"""What became of one delivery, and what can be done with it?"""
