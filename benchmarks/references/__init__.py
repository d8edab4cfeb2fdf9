"""Handlers that do the job in other ways; only the benchmark runs them."""
