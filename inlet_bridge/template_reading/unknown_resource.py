"""Say why a file has no resource with a name."""

from collections.abc import Mapping
from typing import Any

from bridge.names import require_name
from bridge.spelling import nearest
from inlet_bridge.template_reading.errors import ResourceError, UnknownResourceError
from inlet_bridge.template_reading.yaml_document import Document


def unknown_resource(
    document: Document, name: str, what: str, names: Mapping[str, str]
) -> ResourceError:
    """The error for a name that no resource has: a `Name` that is missing or invalid, or no such.

    Args:
        document: the file.
        name: the one that was asked for.
        what: such as `source`.
        names: the `Name` of each resource by its logical ID; empty if it is not known.
    """
    for logical_id, known in names.items():
        at = ("Resources", logical_id, "Properties")
        properties = document.content["Resources"][logical_id].get("Properties", {})
        if "Name" not in properties:
            close = nearest("Name", properties)
            meant = f"; is {close} meant to be it?" if close else ""
            line = document.line((*at, close) if close else at)
            return ResourceError(
                f"{document.file}:{line}: {logical_id} has no Name{meant}",
                hint=f"Give it a Name, or name the resource: {logical_id}.",
            )
        if fault := _fault(properties["Name"], known, name):
            line = document.line((*at, "Name"))
            return ResourceError(
                f"{document.file}:{line}: {logical_id}: Name: {fault}",
                hint=f"Write Name: {name}, if it is the one that you mean.",
            )
    known_names = sorted(each or logical_id for logical_id, each in names.items())
    close = nearest(name, known_names)
    computed = [each for each, known in names.items() if not known]
    if computed and not close:
        line = document.line(("Resources", computed[0], "Properties", "Name"))
        return UnknownResourceError(
            f"{document.file}:{line}: {computed[0]}: Name: its value is not known before the"
            " deployment",
            hint=f"Write the name as a text, such as Name: {name}, or name the resource:"
            f" {computed[0]}.",
        )
    meant = f"is it {close}?" if close else f"there is {', '.join(known_names) or 'none'}"
    return UnknownResourceError(
        f"{document.file} has no {what} {name}; {meant}",
        hint="Name a resource by its Name or by its logical ID.",
    )


def _fault(written: Any, known: str, name: str) -> str:
    """Why a `Name` is none, if it can be the one that was asked for; or empty."""
    if written is None or written == "":
        return "is empty"
    if isinstance(written, str) and "${" in written:
        return f"is {written}, in which only !Sub replaces a parameter of the file"
    if not known or not nearest(name, [known]):
        return ""
    try:
        require_name(known)
    except ValueError as exc:
        return f"{exc}; it is {known}"
    return ""
