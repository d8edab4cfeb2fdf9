"""Check what CloudFormation checks of a whole template, before it creates anything.

MiniStack, the emulator of the local cloud, deploys a template that breaks these rules.
"""

import re
from collections.abc import Collection, Iterator
from typing import Any, Final

from bridge.provisioning.sources.properties import NOT_SUBSTITUTED
from bridge.spelling import nearest
from inlet_bridge.template_reading.errors import ResourceError
from inlet_bridge.template_reading.foreign_resources import is_foreign
from inlet_bridge.template_reading.parameter_rules import check_parameters
from inlet_bridge.template_reading.template_outputs import check_outputs
from inlet_bridge.template_reading.yaml_document import Document, Steps
from inlet_bridge.template_reading.yaml_loader import SHORT_FORMS
from inlet_bridge.template_reading.yaml_traps import shown, shown_path

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html
_LOGICAL_ID: Final = re.compile(r"[A-Za-z0-9]+")
_FUNCTION: Final = re.compile(r"fn:+\w+", re.IGNORECASE)
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-rules.html
_OF_RULES: Final = (
    *("Fn::Contains", "Fn::EachMemberEquals", "Fn::EachMemberIn", "Fn::RefAll"),
    *("Fn::ValueOf", "Fn::ValueOfAll"),
)
_FUNCTIONS: Final = tuple(each for each in SHORT_FORMS.values() if each.startswith("Fn::"))
_WITH_FUNCTIONS: Final = ("Resources", "Conditions", "Rules", "Outputs")
_EXPANDED: Final = "Fn::"
_DEPENDS_ON: Final = "DependsOn"


def check_rules(document: Document) -> None:
    """Raise ResourceError for the first function, parameter, logical ID or reference that is wrong.

    The resources have their types, or are expanded by a function such as Fn::ForEach.
    """
    _check_functions(document)
    _check_exports(document)
    if "Transform" not in document.content:
        check_parameters(document)
    resources = document.content["Resources"]
    is_expanded = "Transform" in document.content or any(
        each.startswith(_EXPANDED) for each in resources
    )
    for logical_id, resource in resources.items():
        if logical_id.startswith(_EXPANDED):
            continue
        _check_logical_id(document, logical_id)
        if not is_expanded:
            for at, name in _dependencies(document, logical_id, resource):
                _require(document, at, "resource", name, resources)
        _check_condition(document, ("Resources", logical_id), resource)
    check_outputs(document, is_expanded=is_expanded)
    outputs = document.content.get("Outputs")
    for name, output in outputs.items() if isinstance(outputs, dict) else ():
        _check_condition(document, ("Outputs", name), output)


def _check_functions(document: Document) -> None:
    for steps, place in document.names.items():
        name = steps[-1]
        if steps[0] not in _WITH_FUNCTIONS or not _FUNCTION.fullmatch(name):
            continue
        if name in _FUNCTIONS or name in _OF_RULES:
            continue
        close = _nearest(name)
        if not close and ("Transform" in document.content or _is_of_another(document, steps)):
            continue
        meant = f"; is it {close}?" if close else ", a function of CloudFormation"
        raise ResourceError(
            f"{document.file}:{place.line}: {shown_path(steps[:-1])}: there is no {name}{meant}",
            hint=f"Write {close}." if close else "",
        )


def _check_exports(document: Document) -> None:
    """The name of an export cannot have the characters of a variable."""
    for steps, place in document.positions.items():
        if steps[-1:] == ("Fn::ImportValue",) and "${" in _text(document.content, steps):
            raise ResourceError(
                f"{document.file}:{place.line}: {shown_path(steps[:-1])}: {NOT_SUBSTITUTED}",
                hint='Write {Fn::ImportValue: !Sub "…"}.',
            )


def _text(content: Any, steps: Steps) -> str:
    """A text of the document; empty for what is no text, such as a function."""
    for step in steps:
        try:
            content = content[int(step)] if isinstance(content, list) else content[step]
        except (KeyError, IndexError, ValueError, TypeError):
            return ""
    return content if isinstance(content, str) else ""


def _is_of_another(document: Document, steps: Steps) -> bool:
    """Whether a name is in a resource of another service; CloudFormation gets new functions."""
    resource = document.content["Resources"].get(steps[1]) if steps[0] == "Resources" else None
    return isinstance(resource, dict) and is_foreign(resource.get("Type"))


def _nearest(name: str) -> str:
    """The function that a name such as `Fn:getAtt` means; empty for none."""
    word = name.rpartition(":")[2]
    words = {each.removeprefix("Fn::"): each for each in _FUNCTIONS}
    close = nearest(f"{word[:1].upper()}{word[1:]}", words)
    return words[close] if close else ""


def _check_logical_id(document: Document, logical_id: str) -> None:
    if _LOGICAL_ID.fullmatch(logical_id):
        return
    words = re.findall(r"[A-Za-z0-9]+", logical_id) if logical_id.isascii() else []
    way = "".join(f"{each[:1].upper()}{each[1:]}" for each in words)
    raise ResourceError(
        f"{_where(document, ('Resources', logical_id))}: the logical ID {shown(logical_id)} must"
        " have only the letters A to Z and digits",
        hint=f"Write {way}, also where it is referred to." if way else "Choose another.",
    )


def _dependencies(
    document: Document, logical_id: str, resource: dict[str, Any]
) -> Iterator[tuple[Steps, str]]:
    """The resources that DependsOn names, and where. Raises ResourceError."""
    if _DEPENDS_ON not in resource:
        return
    at = ("Resources", logical_id, _DEPENDS_ON)
    match resource[_DEPENDS_ON]:
        case str(name):
            yield at, name
        case list(names) if all(isinstance(each, str) for each in names):
            yield from (((*at, str(i)), name) for i, name in enumerate(names))
        case _:
            raise ResourceError(
                f"{_where(document, at)}: {_DEPENDS_ON} must be a logical ID, or a list of them",
                hint="Write the logical ID of a resource without a function.",
            )


def _check_condition(document: Document, at: Steps, of: Any) -> None:
    name = of.get("Condition") if isinstance(of, dict) else None
    conditions = document.content.get("Conditions")
    known = conditions if isinstance(conditions, dict) else {}
    if isinstance(name, str):
        _require(document, (*at, "Condition"), "condition", name, known)


def _require(document: Document, at: Steps, what: str, name: str, known: Collection[str]) -> None:
    """Raise ResourceError if there is no resource or condition with a name."""
    if name in known:
        return
    close = nearest(name, known)
    meant = f"; is it {close}?" if close else ""
    attribute = next(each for each in reversed(at) if not each.isdigit())
    section = "Resources" if what == "resource" else "Conditions"
    raise ResourceError(
        f"{_where(document, at)}: {attribute}: there is no {what} {shown(name)}{meant}",
        hint=f"Write {close}." if close else f"Name one that is below {section}.",
    )


def _where(document: Document, at: Steps) -> str:
    place = document.names.get(at)
    line = place.line if place else document.line(at)
    return f"{document.file}:{line}"
