"""What became of a delivery? Its buffered form, claim, record, outcome and dead letter."""
