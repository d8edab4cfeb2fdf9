"""Did Adobe ingest what the inlet accepted?"""
