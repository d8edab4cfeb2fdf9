"""What is in the queues: dead letters, and what a deleted stack left?"""
