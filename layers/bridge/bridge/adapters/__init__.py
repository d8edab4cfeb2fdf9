"""How are AWS, Adobe and HTTP called? The only input and output."""
