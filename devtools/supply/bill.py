"""The CycloneDX bill of materials: the layer's packages, wheels and dependencies."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from devtools.supply.shipped_wheels import Wheel


def bill(locked: Mapping[str, Any], shipped: Mapping[str, Wheel]) -> dict[str, Any]:
    """Reduce the locked packages to the shipped wheels.

    It is reproducible: it contains no time, and the serial number is derived from the content.

    Args:
        locked: the lock as exported by `uv export`.
        shipped: the wheels in the layer, by name.
    """
    components = [
        _component(component, shipped[component["name"]])
        for component in locked["components"]
        if component["name"] in shipped
    ]
    metadata = {name: value for name, value in locked["metadata"].items() if name != "timestamp"}
    listed = {component["bom-ref"] for component in components}
    listed.add(metadata["component"]["bom-ref"])
    dependencies = [
        _narrowed(dependency, listed)
        for dependency in locked["dependencies"]
        if dependency["ref"] in listed
    ]
    content = {**locked, "metadata": metadata, "components": components}
    content |= {"serialNumber": "", "dependencies": dependencies}
    return content | {"serialNumber": uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(content)).urn}


def _component(component: Mapping[str, Any], wheel: Wheel) -> dict[str, Any]:
    hashes = [{"alg": "SHA-256", "content": wheel.sha256}]
    source = {"type": "distribution", "url": wheel.url, "hashes": hashes}
    return {**component, "hashes": hashes, "externalReferences": [source]}


def _narrowed(dependency: Mapping[str, Any], listed: set[str]) -> dict[str, Any]:
    needed = [ref for ref in dependency.get("dependsOn", ()) if ref in listed]
    return {"ref": dependency["ref"], **({"dependsOn": needed} if needed else {})}
