"""What does it become? Routing and the message that the inlet takes."""
