"""Plan and apply the connections and sources of a template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bridge.provisioning.ownership import owner_text
from bridge.sources.cache import SOURCE_LIFETIME
from inlet_bridge.cli.connections import show_steps, show_warnings
from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.created_fields import created_fields
from inlet_bridge.cli.operation_errors import report_operation_errors
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.mapping.declared import declared_connection
from inlet_bridge.mapping.deployment import ask_as_declared
from inlet_bridge.mapping.edit_check import check_resources
from inlet_bridge.operations.configuration.removed_resources import (
    RemovedResource,
    removed_resources,
)
from inlet_bridge.operations.configuration.sources_stack import deployed_values
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import InvalidPropertyError
from inlet_bridge.operations.provisioner import Provisioner
from inlet_bridge.plain_text import plain_json
from inlet_bridge.template_reading.declared_resources import DeclaredResources
from inlet_bridge.template_reading.default_file import default_file
from inlet_bridge.template_reading.resource import Resource


@dataclass(frozen=True, slots=True)
class ResourceOptions:
    """The arguments of `inlet plan` and `inlet apply`.

    Attributes:
        name: of one resource; empty for all.
        file: None means `sources.yaml`.
        parameters: values of the file's parameters.
    """

    name: str
    file: Path | None
    parameters: Mapping[str, str]
    stack: str
    as_json: bool


def plan(options: ResourceOptions) -> None:
    """Print the steps for each resource."""
    with report_operation_errors() as screen:
        deployed = Deployed(options.stack)
        provisioner = Provisioner(deployed)
        documents = []
        found = _declared(options, deployed)
        resources = _selected(options, found)
        unchanged: set[str] = set()
        for resource in resources:
            response = _plan(provisioner, resource, found, unchanged)
            documents.append(_document(resource, response))
            if not options.as_json:
                _show(resource, response, screen)
        removed = _removed(options, deployed, resources)
        if options.as_json:
            deleted = [each._asdict() for each in removed]
            screen.write(plain_json({"resources": documents, "removed": deleted}) + "\n")
            return
        for each in removed:
            _show_removed(each, options, screen)


def _removed(
    options: ResourceOptions, deployed: Deployed, resources: Sequence[Resource]
) -> list[RemovedResource]:
    """What deploying the whole file deletes, if all names of the file are known."""
    if options.name or not all(each.name for each in resources):
        return []
    return removed_resources(deployed, {(each.kind, each.name) for each in resources})


def _show_removed(removed: RemovedResource, options: ResourceOptions, screen: Screen) -> None:
    file = options.file or default_file()
    screen.print(Text(f"{removed.kind} {removed.name}", style="bold"))
    reason = f"  is not in {file.name}: deploying it as the stack {removed.stack} removes this"
    screen.print(Text(reason, style="red"))
    if removed.waiting:
        screen.print(Text(f"  ! {removed.waiting}", style="yellow"))


def apply(options: ResourceOptions) -> None:
    """Apply each resource and print what changed."""
    with report_operation_errors() as screen:
        deployed = Deployed(options.stack)
        provisioner = Provisioner(deployed)
        documents = []
        for resource in _selected(options, _declared(options, deployed)):
            if options.as_json:
                documents.append(_document(resource, _ask(provisioner, "apply", resource)))
                continue
            with screen.step(f"Applying {_subject(resource)}"):
                response = _ask(provisioner, "apply", resource)
            _show(resource, response, screen)
        if options.as_json:
            screen.write(plain_json({"resources": documents}) + "\n")


def _declared(options: ResourceOptions, deployed: Deployed) -> DeclaredResources:
    file = options.file or default_file()
    return DeclaredResources(file, options.parameters, deployed_values(deployed))


def _selected(options: ResourceOptions, found: DeclaredResources) -> list[Resource]:
    """What the options select, connections first. All of it is checked before anything is sent."""
    selected = [found.find(options.name)] if options.name else found.all()
    check_resources(found, selected[0].logical_id if options.name else "")
    return selected


def _plan(
    provisioner: Provisioner, resource: Resource, found: DeclaredResources, unchanged: set[str]
) -> dict[str, Any]:
    """Plan a resource, a source with its connection as the file declares it.

    Args:
        provisioner: of the deployment.
        resource: of the file.
        found: the file.
        unchanged: names of connections that need no step; added to.
    """
    if resource.kind == "connection":
        response = _ask(provisioner, "plan", resource)
        if all(each["action"] == "nothing" for each in response["steps"]):
            unchanged.add(resource.name)
        return response
    name = str(resource.properties.get("Connection", ""))
    declared = None if name in unchanged else declared_connection(found, name)
    return _ask(provisioner, "plan", resource, declared)


def _ask(
    provisioner: Provisioner,
    action: str,
    resource: Resource,
    declared: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    request = {"action": action, resource.kind: dict(resource.properties)}
    try:
        return ask_as_declared(provisioner, request, declared)
    except InvalidPropertyError as exc:
        raise resource.error(exc.path, exc.reason) from exc


def _subject(resource: Resource) -> str:
    return f"{resource.kind} {resource.name or resource.logical_id}"


def _document(resource: Resource, response: Mapping[str, Any]) -> dict[str, Any]:
    fields = {name: each for name, each in response.items() if name != "ok"}
    return {
        "kind": resource.kind,
        "name": resource.name,
        "logical_id": resource.logical_id,
        **fields,
    }


def _show(resource: Resource, response: Mapping[str, Any], screen: Screen) -> None:
    screen.print(Text(_subject(resource), style="bold"))
    if owner := response.get("owner"):
        screen.print(
            Text(f"  belongs to {owner_text(owner)}: deploy that to change it", style="yellow")
        )
    if "steps" in response:
        show_steps(response["steps"], screen)
        for field in created_fields(resource.properties, response["steps"]):
            screen.print(Text(f"  + {field}", style="green"))
    else:
        screen.print(Text(f"  {_change(response)}"))
    show_warnings(response, screen)


def _change(response: Mapping[str, Any]) -> str:
    if response.get("written"):
        seconds = SOURCE_LIFETIME // timedelta(seconds=1)
        return f"its document is written; every receiver uses it within {seconds} s"
    return "its document would be written" if response.get("writes") else "nothing changes"
