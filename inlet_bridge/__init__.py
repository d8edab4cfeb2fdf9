"""The `inlet` command, and what it is made of: deploy locally, send, preview, operate."""
