"""The use case: what was declared exists at Adobe and in SSM."""
