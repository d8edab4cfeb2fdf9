"""A source whose messages are previewed, with what is known of its deployment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bridge.messages.jmespath_numbers import ExactParser
from bridge.provisioning.sources.checks import unchecked_flows
from bridge.provisioning.sources.constant_conditions import constant_condition_warnings
from bridge.provisioning.sources.constant_values import constant_value_warnings
from bridge.provisioning.sources.declaration import secrets_are_required
from bridge.provisioning.sources.privacy_warnings import privacy_warnings
from bridge.provisioning.sources.quoted_paths import quoted_path_warnings
from bridge.provisioning.sources.slow_patterns import slow_pattern_warnings
from bridge.sources.source import Source
from bridge.verification.verify import needs_secrets
from inlet_bridge.mapping.declared import Declared
from inlet_bridge.mapping.deployment import DeployedSchemas
from inlet_bridge.mapping.errors import PreviewError
from inlet_bridge.mapping.mapped_identities import without_primary
from inlet_bridge.mapping.misspellings import misspelled_secrets, misspellings
from inlet_bridge.mapping.preview import Behavior, Preview, assumed_source
from inlet_bridge.mapping.text_templates import text_templates


@dataclass(frozen=True, slots=True)
class PreparedSource:
    """A source as it would be provisioned.

    Attributes:
        is_deployed: whether the schemas of a deployment were read, as far as they can be.
        has_secrets: whether the file names secrets of the source.
        is_elsewhere: whether the file, such as a recipe, does not tell the name of the source's
            connection, so that no deployment has its schemas.
    """

    source: Source
    is_deployed: bool
    has_secrets: bool = True
    is_elsewhere: bool = False

    def notes(self, previews: Iterable[Preview], event_type: str = "") -> list[str]:
        """What previews leave out, as sentences.

        Args:
            previews: of its samples.
            event_type: that was given for all samples; empty if none was.
        """
        return [
            *self._without_secrets(),
            *misspelled_secrets(self.source),
            *self._unchecked(),
            *misspellings(self.source),
            *text_templates(self.source),
            *constant_condition_warnings(self.source),
            *slow_pattern_warnings(self.source),
            *quoted_path_warnings(self.source),
            *constant_value_warnings(self.source),
            *without_primary(self.source),
            *privacy_warnings(self.source),
            *self._without_event_type(previews, event_type),
        ]

    def _without_secrets(self) -> list[str]:
        """What a deployment refuses, and a preview needs no value of."""
        if self.has_secrets or not needs_secrets(self.source.scheme):
            return []
        return [f"Secrets {secrets_are_required(self.source.name)}"]

    def _unchecked(self) -> list[str]:
        unchecked = ", ".join(unchecked_flows(self.source))
        if not unchecked:
            return []
        if self.is_deployed:
            return [f"the schema of {unchecked} cannot be read; `inlet doctor` says why"]
        way_out = "name the deployment with --stack, or give --schema"
        if self.is_elsewhere:
            way_out = "Connection has no name that is known from the file; give --schema"
        return [f"messages to {unchecked} are compared with no schema: {way_out}"]

    def _without_event_type(self, previews: Iterable[Preview], event_type: str) -> list[str]:
        """What is missing in samples that no route takes."""
        if event_type or not any(_reads_event_type(each.when) for each in self.source.routes):
            return []
        without = [each for each in previews if each.unrouted and not each.routed]
        ways = dict.fromkeys(each.untyped for each in without if each.untyped)
        missing = "the sample has no event type, so no route takes it"
        return [f"{missing}: {way_out}" for way_out in ways]


def _reads_event_type(condition: str) -> bool:
    """Whether a condition reads the type of an event."""
    waiting: list[Any] = [ExactParser().parse(condition).parsed] if condition else []
    while waiting:
        node = waiting.pop()
        if node.get("type") == "field" and node.get("value") == "event_type":
            return True
        waiting += [each for each in node.get("children", ()) if isinstance(each, dict)]
    return False


def prepared_source(
    declared: Declared,
    deployed: DeployedSchemas | None = None,
    *,
    behavior: Behavior = "time-series",
    schemas: Mapping[str, Mapping[str, Any]] | None = None,
) -> PreparedSource:
    """Prepare a source of a file.

    Args:
        declared: as read from the file.
        deployed: of its connection; None without a deployment.
        behavior: of flows without a schema.
        schemas: by flow, instead of those of the deployment.

    Raises:
        OperationError: its properties are invalid; names the line if it is known.
    """
    known: dict[str, Mapping[str, Any]] = dict(deployed.schemas) if deployed else {}
    if deployed:
        flows = tuple(dict.fromkeys((*deployed.flows, *declared.flows)))
        declared = replace(declared, flows=flows, data_type=deployed.data_type)
    source = assumed_source(
        declared,
        behavior,
        known | dict(schemas or {}),
        namespaces=deployed.namespaces if deployed else (),
    )
    for flow in schemas or {}:
        if flow not in source.flows:
            there = ", ".join(source.flows)
            raise PreviewError(f"--schema: the source has no flow {flow}; there is {there}")
    return PreparedSource(source, deployed is not None, declared.has_secrets)
