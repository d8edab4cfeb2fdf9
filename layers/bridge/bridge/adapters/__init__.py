"""The only input and output: AWS, Adobe and HTTP."""
