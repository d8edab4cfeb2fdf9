"""Supply chain: locked wheels, bill of materials and vulnerability audit."""
