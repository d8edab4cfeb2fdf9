"""The inspector: a web page on the loopback that shows the webhooks of a deployed bridge."""
