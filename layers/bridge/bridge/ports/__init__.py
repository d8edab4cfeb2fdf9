"""What do the use cases need from outside? Protocols that the adapters implement."""
