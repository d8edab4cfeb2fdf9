"""The `inlet` command: deploy locally, send, preview and operate."""
