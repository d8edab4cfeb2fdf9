"""Amazon Web Services: one service per module, and the signed client that calls them."""
