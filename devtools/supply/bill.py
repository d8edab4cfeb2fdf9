"""The bill of materials (CycloneDX): what the layer ships, of which wheels, and what needs what."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from devtools.supply.shipped_wheels import Wheel


def bill(locked: Mapping[str, Any], shipped: Mapping[str, Wheel]) -> dict[str, Any]:
    """Narrow what the lock allows to what is shipped.

    Equal builds have equal bills: there is no time in it, and the serial number is made of the
    content.

    Args:
        locked: the lock as `uv export` tells it.
        shipped: the wheels in the layer, by name.
    """
    components = [
        _component(component, shipped[component["name"]])
        for component in locked["components"]
        if component["name"] in shipped
    ]
    metadata = {name: value for name, value in locked["metadata"].items() if name != "timestamp"}
    told = {component["bom-ref"] for component in components}
    told.add(metadata["component"]["bom-ref"])
    dependencies = [
        _narrowed(dependency, told)
        for dependency in locked["dependencies"]
        if dependency["ref"] in told
    ]
    content = {**locked, "metadata": metadata, "components": components}
    content |= {"serialNumber": "", "dependencies": dependencies}
    return content | {"serialNumber": uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(content)).urn}


def _component(component: Mapping[str, Any], wheel: Wheel) -> dict[str, Any]:
    hashes = [{"alg": "SHA-256", "content": wheel.sha256}]
    source = {"type": "distribution", "url": wheel.url, "hashes": hashes}
    return {**component, "hashes": hashes, "externalReferences": [source]}


def _narrowed(dependency: Mapping[str, Any], told: set[str]) -> dict[str, Any]:
    needed = [ref for ref in dependency.get("dependsOn", ()) if ref in told]
    return {"ref": dependency["ref"], **({"dependsOn": needed} if needed else {})}
