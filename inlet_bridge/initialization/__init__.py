"""Set up a stage: credentials, dataset and the parameters of the deployment."""
