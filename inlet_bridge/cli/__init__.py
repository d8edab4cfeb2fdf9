"""What do the commands of `inlet` ask, do and print?"""
