"""Smoke-test a new version of the receiver before it receives traffic."""
