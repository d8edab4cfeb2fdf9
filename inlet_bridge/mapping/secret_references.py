"""Check how a source of a file names its secrets, whose values a preview does not need."""

from collections.abc import Mapping
from typing import Any, Final

from bridge.provisioning.sources.properties import NOT_SUBSTITUTED
from inlet_bridge.template_reading.errors import ResourceError
from inlet_bridge.template_reading.yaml_document import Document

_REFERENCES: Final = ("Secrets", "HandshakeSecrets", "PathTokens")


def has_secrets(properties: Mapping[str, Any]) -> bool:
    """Whether a source has secrets, or a subscription that has its own.

    Args:
        properties: as in the file, with functions, which may give some.
    """
    return properties.get("Secrets") not in (None, [], "") or "Subscription" in properties


def check_references(document: Document, logical_id: str) -> None:
    """Raise ResourceError for a text with `${Stage}` that no `!Sub` substitutes."""
    at = ("Resources", logical_id, "Properties")
    properties = document.content["Resources"][logical_id].get("Properties", {})
    for name in _REFERENCES:
        given = properties.get(name)
        for index, each in enumerate(given if isinstance(given, list) else ()):
            if isinstance(each, str) and "${" in each:
                line = document.line((*at, name, str(index)))
                raise ResourceError(f"{document.file}:{line}: {name}.{index}: {NOT_SUBSTITUTED}")
