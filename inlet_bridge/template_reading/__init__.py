"""Read the connections and sources that a CloudFormation template such as sources.yaml declares."""
