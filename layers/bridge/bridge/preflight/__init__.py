"""May a new version of the receiver take traffic? Smoke tests before it does."""
