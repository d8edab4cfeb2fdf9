"""What does the map editor read, evaluate and write?"""
