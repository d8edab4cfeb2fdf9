"""What became of it? The buffered form of a webhook, its record, outcomes and dead letters."""
