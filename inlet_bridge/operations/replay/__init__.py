"""How are webhooks sent again? Select, route, reopen their records, and buffer them."""
