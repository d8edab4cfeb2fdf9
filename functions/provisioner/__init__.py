"""The provisioner function."""
