"""Leave out what version 0.1.0 accepted without an effect, and a Create refuses.

An Update may be the rollback of another one: CloudFormation sends the former properties again. If
the provisioner refused them, the stack would stay in `UPDATE_ROLLBACK_FAILED`:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html#troubleshooting-errors-update-rollback-failed
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

_EMPTY: Final = ("Split", "ItemId")


def without_these(properties: Any) -> tuple[Any, list[str]]:
    """The properties of a source without those that have no effect, and a sentence for each.

    These are an empty `Split`, `ItemId` or `When`, and a `Primary` where there is no choice: of a
    route with Targets, or beside one identity or none that is not its namespace.

    Args:
        properties: as CloudFormation sends them; anything.
    """
    if not isinstance(properties, Mapping):
        return properties, []
    left = {name: each for name, each in properties.items() if name not in _EMPTY or each != ""}
    found = [name for name in properties if name not in left]
    if isinstance(routes := left.get("Routes"), list):
        left["Routes"] = [_route(f"Routes.{i}", route, found) for i, route in enumerate(routes)]
    return left, [f"{path} has no effect; leave it out, a new source refuses it" for path in found]


def _route(path: str, route: Any, found: list[str]) -> Any:
    if not isinstance(route, dict):
        return route
    left = _without(route, _of_a_route(route), path, found)
    if isinstance(targets := left.get("Targets"), list):
        left["Targets"] = [
            _without(each, _primary(each), f"{path}.Targets.{i}", found)
            if isinstance(each, dict)
            else each
            for i, each in enumerate(targets)
        ]
    return left


def _without(
    given: dict[str, Any], names: Iterator[str], path: str, found: list[str]
) -> dict[str, Any]:
    left_out = set(names)
    found += [f"{path}.{name}" for name in given if name in left_out]
    return {name: each for name, each in given.items() if name not in left_out}


def _of_a_route(route: Mapping[str, Any]) -> Iterator[str]:
    if route.get("When") == "":
        yield "When"
    if route.get("Targets"):
        yield "Primary"
    else:
        yield from _primary(route)


def _primary(target: Mapping[str, Any]) -> Iterator[str]:
    identity, primary = target.get("Identity", {}), target.get("Primary")
    if not (isinstance(identity, dict) and isinstance(primary, str)):
        return
    if len(identity) <= 1 and primary not in identity:
        yield "Primary"
