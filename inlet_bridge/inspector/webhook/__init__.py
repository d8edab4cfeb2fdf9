"""What is shown of one webhook or refused request, and what can be done with it?"""
