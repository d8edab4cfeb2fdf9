"""The receiver function."""
