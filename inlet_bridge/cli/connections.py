"""Compare, repair and delete connections and sources."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from bridge.provisioning.ownership import DIRECT, RETAINED, owner_text
from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.operation_errors import report_operation_errors
from inlet_bridge.cli.questions import confirm_permanent
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.operations.configuration.connection_names import refuse_connection
from inlet_bridge.operations.configuration.former_sources import before_deletion, waiting_counts
from inlet_bridge.operations.configuration.known_connections import require_connection
from inlet_bridge.operations.configuration.known_sources import require_source
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import InvalidPropertyError, OperationError
from inlet_bridge.operations.provisioner import Provisioner
from inlet_bridge.plain_text import plain_json

_SHOWN = "`inlet status` shows it."
_DELETED = (
    "`inlet destroy {} --source` deletes it if it belongs to no stack; otherwise remove it from"
    " sources.yaml and deploy the file."
)
_STYLES = {
    "create": "green",
    "adopt": "cyan",
    "patch": "yellow",
    "replace": "yellow",
    "delete": "red",
    "keep": "cyan",
    "nothing": "dim",
}


def status(connection: str | None, stack: str, *, as_json: bool) -> bool:
    """Print the state of one connection or of all; return whether there is no drift."""
    with _provisioner(stack) as (provisioner, screen):
        request = {"connection": connection} if connection else {}
        with _named(provisioner, connection or "", _SHOWN):
            response = provisioner.ask({"action": "status", **request})
        if connection and not response["connection"]["parameters"]:
            require_connection(provisioner.deployed, connection, _SHOWN)
        connections = [response["connection"]] if connection else response["connections"]
        sources = response.get("sources", [])
        if as_json:
            document = {"connections": connections, "sources": sources}
            screen.write(plain_json(document) + "\n")
        else:
            for each in connections:
                _show_connection(each, screen)
            for each in sources:
                _show_source(each, screen)
        drifted = [bool((each.get("subscription") or {}).get("drift")) for each in sources]
        drifted += [bool(each["drift"]) or not each["usable"] for each in connections]
        return not any(drifted)


def repair_source(source: str, stack: str) -> None:
    """Register the webhook of a source again, if it differs at its vendor."""
    with _provisioner(stack) as (provisioner, screen):
        with screen.step(f"Repairing source {source}"), _named_source(provisioner, source):
            response = provisioner.ask({"action": "repair", "source": source})
        done = "The webhook was restored." if response["repaired"] else "Nothing differs."
        screen.print(Text(done))


def repair(connection: str, stack: str) -> None:
    """Repair a connection and print the steps."""
    with _provisioner(stack) as (provisioner, screen):
        with screen.step(f"Repairing connection {connection}"):
            way_out = (
                "`inlet repair {} --source` restores the webhook that a Subscription has registered"
                " at the vendor; nothing else of a source is repaired."
            )
            with _named(provisioner, connection, way_out):
                response = provisioner.ask({"action": "repair", "connection": connection})
        show_steps(response["steps"], screen)
        show_warnings(response, screen)


def destroy(kind: str, name: str, stack: str, *, confirmed: bool) -> bool:
    """Delete a connection or a source after confirmation; return whether it was deleted."""
    with _provisioner(stack) as (provisioner, screen):
        named = (
            _named(provisioner, name, _DELETED)
            if kind == "connection"
            else _named_source(provisioner, name)
        )
        with named:
            state = provisioner.ask({"action": "status", kind: name})[kind]
        if not state.get("exists", True) or state.get("parameters") == {}:
            if kind == "connection":
                require_connection(provisioner.deployed, name, _DELETED)
            else:
                _require_source(provisioner, name)
            raise OperationError(
                f"there is no {kind} {name} in {stack}", hint="`inlet status` lists what there is."
            )
        _require_no_stack(kind, name, state.get("owner", ""))
        if kind == "connection":
            _show_connection(state, screen)
        elif waiting := before_deletion(waiting_counts(provisioner.deployed), name):
            screen.print(Text(waiting, style="yellow"))
        question = f"Delete the {kind} {name} of {stack} for good?"
        if not confirmed and not confirm_permanent(screen, question):
            screen.print(Text("Nothing was deleted."))
            return False
        with screen.step(f"Deleting {kind} {name}"):
            response = provisioner.ask({"action": "destroy", kind: name})
        show_steps(response.get("steps", []), screen)
        show_warnings(response, screen)
        return True


def _require_no_stack(kind: str, name: str, owner: str) -> None:
    """Raise OperationError for what only the deployment of a stack can delete."""
    if owner not in ("", DIRECT, RETAINED):
        raise OperationError(
            f"the {kind} {name} belongs to {owner_text(owner)}, which deletes it",
            hint="Remove the resource from its template, such as sources.yaml, and deploy it; while"
            " `inlet up` runs, it deploys the edit by itself.",
        )


@contextmanager
def _named(provisioner: Provisioner, connection: str, way_out: str) -> Iterator[None]:
    """Replace the provisioner's refusal of an unknown connection."""
    try:
        yield
    except InvalidPropertyError:
        require_connection(provisioner.deployed, connection, way_out)
        raise


@contextmanager
def _named_source(provisioner: Provisioner, source: str) -> Iterator[None]:
    try:
        yield
    except InvalidPropertyError:
        _require_source(provisioner, source)
        raise


def _require_source(provisioner: Provisioner, source: str) -> None:
    refuse_connection(provisioner.deployed, source, "Name it without --source.")
    require_source(provisioner.deployed, source)


@contextmanager
def _provisioner(stack: str) -> Iterator[tuple[Provisioner, Screen]]:
    with report_operation_errors() as screen:
        yield Provisioner(Deployed(stack)), screen


def show_steps(steps: Iterable[Mapping[str, str]], screen: Screen) -> None:
    """Print what a run did, or would do, with objects at Adobe."""
    for step in steps:
        where = " ".join(filter(None, (step["kind"], step["flow"], step["id"])))
        screen.print(
            Text.assemble(
                (f"  {step['action']:<8}", _STYLES.get(step["action"], "")),
                where,
                (f"  {step['reason']}", "dim"),
            )
        )


def show_warnings(response: Mapping[str, Any], screen: Screen) -> None:
    """Print the warnings of a response."""
    for warning in response.get("warnings", ()):
        screen.print(Text(f"  ! {warning}", style="yellow"))


def _show_source(source: Mapping[str, Any], screen: Screen) -> None:
    screen.print(Text.assemble(f"source {source['name']}: {source['path']}", *_pause(source)))
    subscription = source.get("subscription")
    if not subscription:
        return
    title, target = subscription["vendor"], subscription["target"]
    where = f"{title}, {target}" if target else title
    screen.print(Text(f"  webhook {subscription['id']} at {where}"))
    for reason in subscription["drift"]:
        screen.print(Text.assemble(("  ✗ ", "red"), reason))


def _show_connection(connection: Mapping[str, Any], screen: Screen) -> None:
    state = "usable" if connection["usable"] else "not usable: apply or repair it"
    screen.print(
        Text.assemble(
            (f"connection {connection['name']}", "bold"),
            f"  {state}; owner: {owner_text(connection['owner'] or '')}",
            *_pause(connection),
        )
    )
    for name, value in connection["parameters"].items():
        screen.print(Text.assemble((f"  {name}  ", "cyan"), str(value)))
    for drift in connection["drift"]:
        screen.print(
            Text.assemble(("  ✗ ", "red"), f"{drift['place']} {drift['name']}: {drift['reason']}")
        )
    if not connection["drift"]:
        screen.print(Text("  ✓ SSM, Adobe and the properties agree", style="green"))


def _pause(state: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if since := state.get("paused_since"):
        yield f"  paused since {since}", "yellow"
