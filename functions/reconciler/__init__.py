"""The reconciler function."""
