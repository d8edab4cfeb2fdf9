"""What happens to a buffered message? Resolve its route, send it, then record, retry or bury it."""
