"""Which XDM do the main events of a provider become?

Each folder is named after a preset and has `recipe.yaml`, what the recipe covers and needs,
`routes.yaml`, the properties of a source that do it, and `samples/`, webhooks to try it with.
"""
