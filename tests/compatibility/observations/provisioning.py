"""What the provisioner makes of stored connections, sources and webhooks at vendors."""

from typing import Any

from tests.compatibility.installation import Installation
from tests.compatibility.snapshots import Snapshot


def unchanged(opened: Installation, _: Snapshot) -> dict[str, Any]:
    """The status of everything, its drift, and what applying the same properties changes."""
    ask = opened.cloud.provisioned.ask
    before = opened.cloud.provisioned.parameters()
    status = ask(action="status")
    repaired = {
        each["name"]: _changes(ask(action="repair", connection=each["name"]))
        for each in status["connections"]
        if each["name"] != "interrupted"
    }
    return {
        "status": status,
        "drift": ask(action="drift"),
        "repaired": repaired,
        "changed": sorted(_differences(before, opened.cloud.provisioned.parameters())),
    }


def updated(opened: Installation, snapshot: Snapshot) -> dict[str, Any]:
    """An update, its rollback, and an interrupted run that another one completes."""
    provisioned = opened.cloud.provisioned
    moved = _physical(snapshot, "moved")
    before = _physical(snapshot, "moved", replaced=True)
    flow = provisioned.ask(action="status", connection="orders")["connection"]
    given: dict[str, Any] = {"Name": "moved", "SettlingSeconds": "0", "Flows": [_FLOW]}
    rolled_back = provisioned.send("connection-update", moved, **given)
    cleaned_up = provisioned.send("connection-delete", moved, **given)
    settled: dict[str, Any] = {"Name": "orders", "SettlingSeconds": "0", "Description": "Changed."}
    changed = provisioned.send("connection-update", _physical(snapshot, "orders"), **settled)
    completed = provisioned.ask(
        action="apply", connection={"Name": "interrupted", "Flows": [_FLOW]}
    )
    return {
        "generation": before,
        "rolled back": _reply(rolled_back),
        "cleaned up": _reply(cleaned_up),
        "changed": _reply(changed),
        "completed": _changes(completed),
        "flows": sorted(flow),
    }


def deleted(opened: Installation, snapshot: Snapshot) -> dict[str, Any]:
    """Everything is deleted: nothing is left at AWS, Adobe and the vendors but what is kept."""
    provisioned = opened.cloud.provisioned
    names = [
        name.rpartition("/")[2]
        for name in snapshot.stored["parameters"]
        if name.startswith("/inlet-bridge/dev/sources/") and name.count("/") == 4
    ]
    sources = {name: _reply(_delete_source(opened, name)) for name in sorted(names)}
    connections = {}
    for name in ("orders", "moved", "large", "own", "raw", "adopted", "interrupted"):
        if name in ("orders", "moved"):
            for replaced in (True, False):
                physical = _physical(snapshot, name, replaced=replaced)
                answer = provisioned.send("connection-delete", physical, Name=name)
                connections[f"{name} {replaced}"] = _reply(answer)
        else:
            connections[name] = _changes(provisioned.ask(action="destroy", connection=name))
    return {
        "sources": sources,
        "connections": connections,
        "parameters": sorted(provisioned.parameters()),
        "objects": provisioned.objects(),
        "hooks": {host: sorted(account.hooks) for host, account in opened.vendors.accounts.items()},
    }


_FLOW = {
    "Name": "orders",
    "DatasetId": "65f0c1a2b3d4e5f60718293a",
    "SchemaId": "https://ns.adobe.com/emulated/schemas/5f1c2d3e4a5b60718293a4b5c6d7e8f9",
}


def _delete_source(opened: Installation, name: str) -> dict[str, Any]:
    provisioned = opened.cloud.provisioned
    owner = opened.cloud.provisioned.parameters()[f"/inlet-bridge/dev/sources/{name}/owner"]
    if owner == "direct":
        return provisioned.ask(action="destroy", source=name)
    return provisioned.send("source-delete", f"inlet-bridge/dev/sources/{name}", Name=name)


def _physical(snapshot: Snapshot, name: str, *, replaced: bool = False) -> str:
    """The physical id of a generation, the current or the replaced one."""
    path = f"/inlet-bridge/dev/connections/{name}"
    parameters = snapshot.stored["parameters"]
    generation = parameters[f"{path}/generation"]["value"]
    if replaced:
        prefix = f"{path}/replaced/"
        [generation] = (each.removeprefix(prefix) for each in parameters if prefix in each)
    return f"inlet-bridge/dev/connections/{name}/{generation}"


def _reply(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer to CloudFormation or to a command without what the event has."""
    names = ("Status", "Reason", "PhysicalResourceId", "ok", "error", "deleted", "warnings")
    return {name: answer[name] for name in names if name in answer}


def _changes(answer: dict[str, Any]) -> Any:
    """The steps that changed something; else the error."""
    if not answer["ok"]:
        return answer
    return [
        f"{step['action']} {step['kind']} {step['flow']}".strip()
        for step in answer["steps"]
        if step["action"] != "nothing"
    ]


def _differences(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {name for name, _ in before.items() ^ after.items()}
