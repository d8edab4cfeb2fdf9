"""What does the deliveries table have of each delivery?"""
