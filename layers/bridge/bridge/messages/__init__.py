"""Transform webhooks: parsing, routing, expressions, privacy, schemas and the XDM envelope."""
