"""Forward buffered messages: resolve, send, then record, retry or dead-letter them."""
