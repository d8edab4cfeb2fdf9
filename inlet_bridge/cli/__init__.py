"""The `inlet` command."""
