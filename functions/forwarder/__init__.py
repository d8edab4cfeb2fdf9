"""The forwarder function."""
