"""What did Adobe ingest and reject?"""
