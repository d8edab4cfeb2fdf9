"""The preflight function."""
