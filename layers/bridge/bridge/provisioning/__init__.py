"""How does a declaration become a chain at Adobe and documents in SSM?"""
