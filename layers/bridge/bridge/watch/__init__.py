"""Scheduled checks for unaccounted deliveries and quiet sources."""
