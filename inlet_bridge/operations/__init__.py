"""What people do with a deployed bridge, on AWS or in the local cloud."""
