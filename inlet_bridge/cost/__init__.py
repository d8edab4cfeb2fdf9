"""Calculate the AWS cost of a month of webhooks."""
