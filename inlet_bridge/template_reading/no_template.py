"""Say why a file is no template, or is one of another tool."""

from typing import Final

from bridge.spelling import nearest
from inlet_bridge.template_reading.default_file import NAME, RESTORING
from inlet_bridge.template_reading.errors import ResourceError
from inlet_bridge.template_reading.yaml_document import Document, Steps

_RESOURCES: Final = "Resources"
_SIMILARITY: Final = 0.8
_ROUTES: Final = "Routes"


def no_template(document: Document) -> ResourceError:
    """The error for a file without `Resources`."""
    names = document.content if isinstance(document.content, dict) else {}
    if close := nearest(_RESOURCES, names, similarity=_SIMILARITY):
        line = document.names[close,].line
        return ResourceError(
            f"{document.file}:{line}: {close} must be {_RESOURCES}", hint=f"Write {_RESOURCES}:"
        )
    reason = "it has no Resources" if document.content is not None else "it is empty"
    example = "as in sources.yaml." if document.file.name != NAME else f"or {RESTORING}."
    return ResourceError(
        f"{document.file} is no CloudFormation template: {reason}",
        hint=f"Write connections and sources below Resources, {example}",
    )


def no_object(document: Document) -> ResourceError:
    """The error for `Resources` that are no object."""
    line = document.line((_RESOURCES,))
    return ResourceError(
        f"{document.file}:{line}: {_RESOURCES} must be an object",
        hint="Begin each resource with its logical ID and a colon, such as LinearSource:, without a"
        " dash.",
    )


def name_fault(steps: Steps, *, is_placeholder: bool) -> tuple[str, str]:
    """The reason and the hint for an object or a list in the place of a name.

    Args:
        steps: to what has the name.
        is_placeholder: whether it begins with `{{`, as in files of Jinja and Helm.
    """
    if not is_placeholder:
        return "a name must be a text", "Put { and [ in quotes."
    if _ROUTES in steps:
        return "{{ is no part of YAML or of an expression", "Write the expression without {{ }}."
    return (
        "nothing replaces {{ }} in this file",
        "Write the value, or !Ref a parameter of the file.",
    )
