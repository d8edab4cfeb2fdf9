"""The only input and output: one technology per module."""
