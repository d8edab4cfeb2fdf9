"""How is a stage set up? Credentials, dataset and the parameters of the deployment."""
