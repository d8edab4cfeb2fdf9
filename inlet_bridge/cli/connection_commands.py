"""`inlet plan`, `apply`, `status`, `repair`, `destroy` and `doctor`: what they take and show."""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.delivery_commands import DEFAULT_STACK, StackOption, failures_told
from inlet_bridge.cli.plain_text import Text
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.provisioner import Provisioner

_STYLES = {
    "create": "green",
    "adopt": "cyan",
    "patch": "yellow",
    "replace": "yellow",
    "delete": "red",
    "nothing": "dim",
}

type Wanted = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help='JSON: {"connection": {…}} or {"source": {…}}, with the properties that the template'
        " resources have, or a list of these.",
    ),
]
type Name = Annotated[str, typer.Argument(metavar="CONNECTION", help="Its Name.")]


def plan(file: Wanted, stack: StackOption = DEFAULT_STACK) -> None:
    """Show what apply would do; nothing is changed."""

    def show(provisioner: Provisioner, screen: Screen) -> bool:
        for request in _wanted(file):
            _show_outcome(request, provisioner.ask({"action": "plan", **request}), screen)
        return True

    _run(show, stack)


def apply(file: Wanted, stack: StackOption = DEFAULT_STACK) -> None:
    """Make connections and sources what the file says."""

    def make(provisioner: Provisioner, screen: Screen) -> bool:
        for request in _wanted(file):
            with screen.step(f"Applying {_subject(request)}"):
                answer = provisioner.ask({"action": "apply", **request})
            _show_outcome(request, answer, screen)
        return True

    _run(make, stack)


def status(
    connection: Annotated[str | None, typer.Argument(metavar="CONNECTION")] = None,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """Compare SSM, Adobe and the properties; the exit status is 1 where they differ."""

    def show(provisioner: Provisioner, screen: Screen) -> bool:
        request = {"connection": connection} if connection else {}
        answer = provisioner.ask({"action": "status", **request})
        connections = [answer["connection"]] if connection else answer["connections"]
        for each in connections:
            _show_connection(each, screen)
        for source in answer.get("sources", []):
            screen.print(Text(f"source {source['name']}: {source['path']}"))
        return not any(each["drift"] or not each["usable"] for each in connections)

    _run(show, stack)


def repair(connection: Name, stack: StackOption = DEFAULT_STACK) -> None:
    """Mend what differs from the properties that were applied last."""

    def mend(provisioner: Provisioner, screen: Screen) -> bool:
        with screen.step(f"Repairing connection {connection}"):
            answer = provisioner.ask({"action": "repair", "connection": connection})
        _show_steps(answer["steps"], screen)
        _show_warnings(answer, screen)
        return True

    _run(mend, stack)


def destroy(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of a connection, or of a source.")],
    stack: StackOption = DEFAULT_STACK,
    *,
    source: Annotated[bool, typer.Option("--source", help="NAME is a source.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete what was applied directly; what a stack made is deleted with the stack."""
    kind = "source" if source else "connection"

    def delete(provisioner: Provisioner, screen: Screen) -> bool:
        answer = provisioner.ask({"action": "status", kind: name})[kind]
        if not source:
            _show_connection(answer, screen)
        if not yes and not screen.confirm(f"Delete the {kind} {name} of {stack} for good?"):
            screen.print(Text("Nothing was deleted."))
            return False
        with screen.step(f"Deleting {kind} {name}"):
            answer = provisioner.ask({"action": "destroy", kind: name})
        _show_steps(answer.get("steps", []), screen)
        return True

    _run(delete, stack)


def doctor(stack: StackOption = DEFAULT_STACK) -> None:
    """Look for whatever keeps the deployment from working, and say what to do."""

    def examine(provisioner: Provisioner, screen: Screen) -> bool:
        findings = provisioner.ask({"action": "doctor"})["findings"]
        for each in findings:
            mark, style = ("✓", "green") if each["ok"] else ("✗", "red")
            screen.print(Text.assemble((mark, style), f" {each['check']}"))
            if not each["ok"]:
                screen.print(Text(f"  {each['advice']}", style="yellow"))
        return all(each["ok"] for each in findings)

    _run(examine, stack)


def _run(act: Callable[[Provisioner, Screen], bool], stack: str) -> None:
    with failures_told() as screen:
        done = act(Provisioner(Deployed(stack)), screen)
    raise typer.Exit(0 if done else 1)


def _wanted(file: Path) -> list[dict[str, Any]]:
    """The requests of a file, connections first: sources build on them."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as exc:
        raise OperationError(f"{file} is not JSON: {exc}") from exc
    requests = document if isinstance(document, list) else [document]
    for request in requests:
        if not (isinstance(request, dict) and list(request) in (["connection"], ["source"])):
            raise OperationError(
                f"{file} holds something else than connections and sources",
                hint='Write {"connection": {"Name": …, "Flows": […]}}, or a list of such objects.',
            )
    return sorted(requests, key=lambda request: "source" in request)


def _subject(request: Mapping[str, Any]) -> str:
    ((kind, properties),) = request.items()
    name = properties.get("Name", "?") if isinstance(properties, dict) else "?"
    return f"{kind} {name}"


def _show_outcome(request: Mapping[str, Any], answer: Mapping[str, Any], screen: Screen) -> None:
    screen.print(Text(_subject(request), style="bold"))
    if "steps" in answer:
        _show_steps(answer["steps"], screen)
    else:
        writes = answer.get("writes", answer.get("written"))
        screen.print(Text("  its document is written" if writes else "  nothing changes"))
    _show_warnings(answer, screen)


def _show_steps(steps: Iterable[Mapping[str, str]], screen: Screen) -> None:
    for step in steps:
        where = " ".join(filter(None, (step["kind"], step["flow"], step["id"])))
        screen.print(
            Text.assemble(
                (f"  {step['action']:<8}", _STYLES.get(step["action"], "")),
                where,
                (f"  {step['reason']}", "dim"),
            )
        )


def _show_warnings(answer: Mapping[str, Any], screen: Screen) -> None:
    for warning in answer.get("warnings", ()):
        screen.print(Text(f"  ! {warning}", style="yellow"))


def _show_connection(connection: Mapping[str, Any], screen: Screen) -> None:
    state = "usable" if connection["usable"] else "not usable: apply or repair it"
    screen.print(
        Text.assemble(
            (f"connection {connection['name']}", "bold"),
            f"  {state}; owner {connection['owner'] or 'nobody'}",
        )
    )
    for name, value in connection["parameters"].items():
        screen.print(Text.assemble((f"  {name}  ", "cyan"), str(value)))
    for drift in connection["drift"]:
        screen.print(
            Text.assemble(("  ✗ ", "red"), f"{drift['place']} {drift['name']}: {drift['reason']}")
        )
    if not connection["drift"]:
        screen.print(Text("  ✓ SSM, Adobe and the properties say the same", style="green"))
