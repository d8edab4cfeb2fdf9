"""Who sent the request? Schemes, signatures, handshakes, access rules and provider presets."""
