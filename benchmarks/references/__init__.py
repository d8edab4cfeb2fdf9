"""Reference handlers with other implementations, for benchmarks only."""
