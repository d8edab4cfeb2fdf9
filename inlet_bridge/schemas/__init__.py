"""Schemas for webhooks, made from samples."""
