"""Send webhooks again: select, route, reopen their records, and put them in the buffer."""
