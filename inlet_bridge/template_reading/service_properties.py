"""Check the properties by which CloudFormation and this command find a resource.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from bridge.spelling import nearest
from inlet_bridge.template_reading.errors import ResourceError
from inlet_bridge.template_reading.intrinsics import Resolver, is_function
from inlet_bridge.template_reading.yaml_document import Document, Steps

FOR_CLOUDFORMATION: Final = ("ServiceToken", "ServiceTimeout")
"""Properties for CloudFormation itself."""

_FOUND_BY, _TIMEOUT = FOR_CLOUDFORMATION
_TEXTS: Final = (_FOUND_BY, "Name", "Connection")
_MOST_SECONDS: Final = 3600
_WRITTEN: Final = (
    f'Write {_FOUND_BY}: {{Fn::ImportValue: !Sub "inlet-bridge-${{Stage}}-{_FOUND_BY}"}}'
)


def check_values(document: Document, logical_id: str, resolver: Resolver) -> None:
    """Raise ResourceError for a value that no deployment accepts.

    Args:
        document: the template.
        logical_id: of a connection or a source.
        resolver: of the document. What it does not know yet is not checked.
    """
    at = ("Resources", logical_id, "Properties")
    given = document.content["Resources"][logical_id].get("Properties", {})
    for name in _TEXTS:
        steps = (*at, name)
        where = f"{document.file}:{document.line(steps)}: {name}"
        hint = f"{_WRITTEN}." if name == _FOUND_BY else ""
        if name == _FOUND_BY and given.get(name) == "":
            raise ResourceError(f"{where}: is empty", hint=hint)
        if isinstance(given.get(name), list | dict) and not is_function(given[name]):
            reason = f"{where}: must be a text, or a function that returns one"
            raise ResourceError(reason, hint=hint)
    if _TIMEOUT in given:
        steps = (*at, _TIMEOUT)
        lenient = replace(resolver, lenient=True, excerpt=True)
        _check_timeout(document, steps, lenient.resolve(given[_TIMEOUT], steps).value)


def _check_timeout(document: Document, at: Steps, value: Any) -> None:
    is_number = isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value)
    if value != "" and not (is_number and 1 <= int(value) <= _MOST_SECONDS):
        raise ResourceError(
            f"{document.file}:{document.line(at)}: {_TIMEOUT}: must be a whole number of seconds"
            f" from 1 to {_MOST_SECONDS}",
            hint=f"Write {_TIMEOUT}: 900, as sources.yaml has it, or leave it out.",
        )


def check_tokens(document: Document, kinds: Mapping[str, str], only: str = "") -> None:
    """Raise ResourceError for a resource without a service token, if another one has it.

    A template for a preview, or for `inlet apply`, needs none.

    Args:
        document: the template.
        kinds: of its connections and sources, by logical ID.
        only: the kind that is checked; empty for both.
    """
    resources = document.content["Resources"]
    given = {each: resources[each].get("Properties", {}) for each in kinds}
    if any(_FOUND_BY in properties for properties in given.values()):
        for logical_id, properties in given.items():
            if _FOUND_BY not in properties and only in ("", kinds[logical_id]):
                raise _missing(document, logical_id, properties)


def _missing(document: Document, logical_id: str, given: Mapping[str, Any]) -> ResourceError:
    at: Steps = ("Resources", logical_id)
    close = nearest(_FOUND_BY, given)
    if close and close != _TIMEOUT:
        at = (*at, "Properties", close)
        meant = f"; is {close} meant to be it?"
    else:
        meant = ", by which CloudFormation finds the bridge"
    line = document.names[at].line if at in document.names else document.line(at)
    return ResourceError(
        f"{document.file}:{line}: {logical_id} has no {_FOUND_BY}{meant}",
        hint=f"{_WRITTEN} below its Properties.",
    )
