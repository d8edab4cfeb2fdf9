"""Benchmarks of the built functions, compared with reference handlers of the same task."""
