"""HTTP/1.1: connections, requests, responses and requests to hosts that providers name."""
