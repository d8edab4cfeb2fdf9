"""The pages of the inspector: requests to the read models, results to templates."""
