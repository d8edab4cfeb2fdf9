"""Is something stuck or silent? Scheduled checks of deliveries and sources."""
