"""Deliveries: their buffered form, records, outcomes, dead letters and metrics."""
