"""What can go wrong while a webhook is shown."""


class PreviewError(Exception):
    """Something that was named cannot be used; the text says what and the way out."""
