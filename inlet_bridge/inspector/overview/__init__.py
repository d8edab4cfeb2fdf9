"""What does the overview show of a deployment?"""
