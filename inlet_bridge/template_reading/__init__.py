"""What does a template such as sources.yaml declare? Reads it; `template_editing` changes it."""
