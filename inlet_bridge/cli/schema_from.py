"""Print a template with a schema that is made from samples."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bridge.errors import InvalidPropertyError
from bridge.names import NAME
from bridge.provisioning.connections.properties import parse_connection, properties_text
from bridge.provisioning.direct_invocation import TENANT
from bridge.verification.catalogue import PRESETS
from inlet_bridge.cli.operation_errors import report_operation_errors
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.provisioner import Provisioner
from inlet_bridge.schemas.inference import Inferred, infer
from inlet_bridge.schemas.resource import Choices, connection_properties, sources_file
from inlet_bridge.schemas.samples import read_bodies

_TENANT: Final = re.compile(r"[A-Za-z0-9_]{1,100}", re.ASCII)
_PLACEHOLDER: Final = "PROVIDER"  # The default, to be replaced in the file.


@dataclass(frozen=True, slots=True)
class SchemaOptions:
    """The arguments of `inlet schema from`.

    Attributes:
        name: empty for that of the first file.
        tenant: empty to ask the provisioner of `stack`.
        only: paths in the bodies; empty for all.
    """

    samples: tuple[Path, ...]
    name: str
    xdm_class: str
    provider: str
    tenant: str
    only: tuple[str, ...]
    stack: str


def print_sources_file(options: SchemaOptions) -> None:
    """Print the template, or an error with status 1."""
    with report_operation_errors() as screen:
        inferred = infer(read_bodies(options.samples), options.only)
        if not inferred.fields:
            raise _nothing_inferred(inferred, options.only)
        choices = _choices(options)
        properties = connection_properties(inferred, choices)
        try:
            parse_connection(properties)
            properties_text(properties)
        except InvalidPropertyError as exc:
            raise _refused(exc) from exc
        screen.write(sources_file(inferred, choices))


def _refused(error: InvalidPropertyError) -> OperationError:
    """With the option that helps: only the class and the fields are not made by this command."""
    hint = "Select parts of the bodies with --only PATH, such as --only order.customer."
    if error.path.endswith(".Class"):
        hint = "Give it as --class."
    return OperationError(str(error), hint=hint)


def _nothing_inferred(inferred: Inferred, only: tuple[str, ...]) -> OperationError:
    """Why no sample has a field."""
    if only and not inferred.omitted:
        return OperationError(f"the samples have nothing at --only {', '.join(only)}")
    reasons = "; ".join(f"{json.dumps(path)} {reason}" for path, reason in inferred.omitted[:3])
    more = " ..." if len(inferred.omitted) > 3 else ""  # noqa: PLR2004 - as above
    return OperationError(
        "the samples have no value to infer a field from",
        hint=f"{reasons}{more}" if reasons else "",
    )


def _choices(options: SchemaOptions) -> Choices:
    name = options.name or _name_of(options.samples[0])
    if not NAME.fullmatch(name):
        raise OperationError(
            "--name must be 1-63 lowercase letters, digits or hyphens, and must not begin with -"
        )
    if options.provider not in (_PLACEHOLDER, *PRESETS):
        raise OperationError("--provider must be the name of a preset; see `inlet providers`")
    tenant = options.tenant.removeprefix("_") or _tenant_of(options.stack)
    if not _TENANT.fullmatch(tenant):
        raise OperationError("--tenant must be letters, digits and underscores, such as acme")
    return Choices(name, options.xdm_class, tenant, options.provider)


def _name_of(file: Path) -> str:
    return re.sub(r"[^a-z0-9]+", "-", file.stem.lower()).strip("-")[:63].rstrip("-") or "webhooks"


def _tenant_of(stack: str) -> str:
    try:
        return str(Provisioner(Deployed(stack)).ask({"action": TENANT})["tenant"])
    except OperationError as exc:
        raise OperationError(
            f"the ID of the tenant is not known: {exc}",
            hint="Give it as --tenant; Experience Platform shows it in Schemas, before custom "
            "fields, after an underscore.",
        ) from exc
