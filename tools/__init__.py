"""Development tools; never shipped to Lambda."""
