"""What a month of webhooks costs at AWS."""
