"""Tools for maintainers: build, shipping and supply chain."""
