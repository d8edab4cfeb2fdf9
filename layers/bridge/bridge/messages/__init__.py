"""What does it become? Parsing, routing, expressions, privacy, schemas and the XDM envelope."""
