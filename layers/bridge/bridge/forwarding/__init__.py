"""What happens to a buffered message? Resolve, send, then record, retry or dead-letter it."""
