"""How does the declaration of a source become the document that the receiver reads?"""
