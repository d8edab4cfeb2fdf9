"""May a new version of the receiver take traffic? Signed and forged requests that it must judge."""
