"""Find the source whose secret is stored: in the file, or else as it is deployed."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bridge.names import NAME
from bridge.sources.source import Source
from bridge.verification.schemes import Scheme
from inlet_bridge.mapping.declared import declared_source
from inlet_bridge.mapping.preview import assumed_source
from inlet_bridge.mapping.secret_references import UNUSED
from inlet_bridge.operations.account.secret_store import SecretStore
from inlet_bridge.operations.account.stage import Stage
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.template_reading.declared_resources import DeclaredResources
from inlet_bridge.template_reading.default_file import default_file
from inlet_bridge.template_reading.errors import MissingFileError, UnknownResourceError


class SecretSource(NamedTuple):
    """What is known of a source.

    Attributes:
        name: its `Name`.
        provider: its preset; empty for none.
        scheme: that reads the secret.
        parameter: with the first of its secrets.
        not_in: the file that lacks it; empty if it is of the file.
    """

    name: str
    provider: str
    scheme: Scheme
    parameter: str
    not_in: str = ""


def secret_source(name: str, file: Path | None, stage: Stage) -> SecretSource:
    """The source with this `Name`, or with this logical ID in the file.

    A source that another file has, or that `inlet send` added, is found as it is deployed.

    Args:
        name: of the source.
        file: None means `sources.yaml`.
        stage: of its deployment.

    Raises:
        OperationError: there is none, or its secret is not one of the stage's parameters.
    """
    try:
        return _declared(name, file or default_file(), stage)
    except (MissingFileError, UnknownResourceError):
        source = None if file else _deployed(name, stage)
        if source is None:
            raise
    parameter = _parameter(name, source.secrets, stage)
    return SecretSource(source.name, source.provider, source.scheme, parameter, "sources.yaml")


def _declared(name: str, file: Path, stage: Stage) -> SecretSource:
    sources = DeclaredResources(file, deployed={"Stage": stage.name})
    source = assumed_source(declared_source(sources, name), "time-series", {})
    resource = sources.source(name, (UNUSED | {"Connection"}) - {"Secrets"})
    secrets = resource.properties.get("Secrets")
    parameter = _parameter(name, secrets if isinstance(secrets, list) else (), stage)
    return SecretSource(source.name, source.provider, source.scheme, parameter)


def _deployed(name: str, stage: Stage) -> Source | None:
    """The source as the receiver reads it; None if there is none, or it cannot be read."""
    if not NAME.fullmatch(name):
        return None
    try:
        text = SecretStore(stage.client("ssm")).get(stage.parameter(f"sources/{name}"))
        return Source.from_document(text) if text else None
    except (OperationError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _parameter(name: str, secrets: Sequence[object], stage: Stage) -> str:
    """The parameter of the first secret. Raises OperationError."""
    first = secrets[0] if secrets else ""
    if not isinstance(first, str) or not first.startswith(stage.parameter("secrets/")):
        raise OperationError(
            f"source {name} has no Secrets below {stage.parameter('secrets/')}",
            hint="Name the parameter in Secrets; one of Secrets Manager is replaced there. A source"
            " with a Subscription gets a new one by `inlet repair SOURCE --source`.",
        )
    return first
