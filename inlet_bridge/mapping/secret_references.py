"""How a source of a file names its secrets, whose values a preview does not need."""

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final, NamedTuple

from bridge.provisioning.sources.properties import NOT_SUBSTITUTED
from inlet_bridge.template_reading.declared_resources import DeclaredResources
from inlet_bridge.template_reading.errors import ResourceError
from inlet_bridge.template_reading.yaml_document import Document

UNUSED: Final = frozenset(
    {"Secrets", "HandshakeSecrets", "PathTokens", "Registration", "Subscription"}
)
"""Properties that a preview needs no value of; a deployment may compute them."""

REFERENCES: Final = ("Secrets", "HandshakeSecrets", "PathTokens")
"""Those with names of parameters."""

_STAGE: Final = re.compile(r"(?:/aws/reference/secretsmanager)?/inlet-bridge/([a-z0-9-]+)/")
_STAGE_PARAMETER: Final = "Stage"
_DEFAULT_STAGE: Final = "dev"


class References(NamedTuple):
    """The values of `UNUSED` that are known before the deployment.

    Attributes:
        are_all: whether there is no other one.
        stage: of the parameters that they name, as far as it is known.
    """

    known: Mapping[str, Any] = {}
    are_all: bool = True
    stage: str = _DEFAULT_STAGE

    @property
    def properties(self) -> dict[str, Any]:
        """Those that can be checked: a registration and a subscription with all of them only."""
        return {
            name: value for name, value in self.known.items() if self.are_all or name in REFERENCES
        }


def has_secrets(properties: Mapping[str, Any]) -> bool:
    """Whether a source has secrets, or a subscription that has its own.

    Args:
        properties: as in the file, with functions, which may give some.
    """
    return properties.get("Secrets") not in (None, [], "") or "Subscription" in properties


def read_references(sources: DeclaredResources, logical_id: str) -> References:
    """What is known of the references of a source.

    Raises:
        ResourceError: a text has `${Stage}` that no `!Sub` substitutes.
    """
    _check_substitution(sources.document, logical_id)
    given = sources.document.content["Resources"][logical_id].get("Properties", {})
    wanted = sorted(UNUSED & given.keys())
    known: dict[str, Any] = {}
    for name in wanted:
        with suppress(ResourceError):  # A name that the file lacks is an error of its reader.
            resource = sources.resource(logical_id, frozenset(given) - {name})
            known.update(resource.properties)
    stage = _stage_in(known) or sources.parameter(_STAGE_PARAMETER) or _DEFAULT_STAGE
    return References(known, len(known) == len(wanted), stage)


def _stage_in(node: Any) -> str:
    """The stage of the first reference; empty without one."""
    match node:
        case str():
            found = _STAGE.match(node)
            return found[1] if found else ""
        case dict():
            return next(filter(None, map(_stage_in, node.values())), "")
        case list():
            return next(filter(None, map(_stage_in, node)), "")
    return ""


def _check_substitution(document: Document, logical_id: str) -> None:
    at = ("Resources", logical_id, "Properties")
    properties = document.content["Resources"][logical_id].get("Properties", {})
    for name in REFERENCES:
        given = properties.get(name)
        for index, each in enumerate(given if isinstance(given, list) else ()):
            if isinstance(each, str) and "${" in each:
                line = document.line((*at, name, str(index)))
                raise ResourceError(f"{document.file}:{line}: {name}.{index}: {NOT_SUBSTITUTED}")
