"""Write JSON that SSM stores."""


def storable(text: str) -> str:
    """A JSON text without `{{`, with the same meaning.

    PutParameter rejects values with `{{…}}`, which look like references to other parameters
    (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html). In JSON
    two braces are adjacent only within a string, where an escape means the same.
    """
    return text.replace("{{", "{\\u007b")
