"""Benchmarks of the functions as built, beside reference handlers that do the same job."""
