"""The watch function."""
