"""What must exist at Adobe? Desired state, observed state and the steps between them."""
