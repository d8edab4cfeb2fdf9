"""How is a streaming connection created, updated, repaired and deleted?"""
