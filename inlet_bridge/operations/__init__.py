"""Operate a deployed bridge, on AWS or in the local cloud."""
