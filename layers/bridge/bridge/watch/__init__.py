"""Is something stuck or silent? Scheduled checks of the whole bridge."""
