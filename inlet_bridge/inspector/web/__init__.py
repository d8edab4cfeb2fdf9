"""How is a request read, and a page written?"""
