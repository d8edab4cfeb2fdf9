"""Is it really them? Schemes, verification and the provider catalogue."""
