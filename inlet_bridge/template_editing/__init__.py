"""Edit a file of sources such as `sources.yaml` without changing what it already has."""
