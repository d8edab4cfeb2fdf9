"""What does a webhook become? Parsing, routing, expressions, privacy, schemas and the envelope."""
