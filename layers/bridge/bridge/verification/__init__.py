"""Who sent it? Schemes, signatures, handshakes, access rules and the provider catalogue."""
