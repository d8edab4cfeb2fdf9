"""Where what is shipped comes from: known wheels, told in a bill, free of known holes."""
