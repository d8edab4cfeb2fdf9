"""How does a template such as sources.yaml get a source or another map? All else of it stays."""
