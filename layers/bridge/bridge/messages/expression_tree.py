"""Validate the names and functions of a parsed expression at deployment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bridge.messages.functions import MappingFunctions
from bridge.messages.jmespath_numbers import OPTIONAL
from bridge.messages.money import amount_providers, unit_of

NAMES: Final = ("event_type", "delivery_id", "headers", "query", "body", "source", "received_at")
"""The names at the root of an expression."""

type Node = Mapping[str, Any]
"""A node of jmespath's syntax tree: its `type`, its `children` and, of some, a `value`."""

_FUNCTIONS: Final[Mapping[str, Any]] = MappingFunctions.FUNCTION_TABLE
# Nodes whose other children are evaluated against the result of the first.
_FROM_LEFT: Final = frozenset(
    {
        "subexpression",
        "index_expression",
        "pipe",
        "projection",
        "value_projection",
        "filter_projection",
    }
)
_ONE_BY_ONE: Final = {
    "headers": 'reads all headers; write headers."x-name" for each that is needed',
    "query": "reads the whole query; write query.name for each parameter that is needed",
}


@dataclass(frozen=True, slots=True)
class Reads:
    """What an expression reads of a request besides the body.

    Attributes:
        headers: names of headers, in lower case.
        query: names of query parameters.
    """

    headers: frozenset[str] = frozenset()
    query: frozenset[str] = frozenset()

    def __or__(self, other: "Reads") -> "Reads":
        return Reads(self.headers | other.headers, self.query | other.query)


def reads_of(tree: Node) -> Reads:
    """Return the headers and query parameters that an expression reads.

    Raises:
        ValueError: the expression reads an unknown name, all headers or the whole query, or calls
            an unknown function. The message is a sentence without a subject.
    """
    names: dict[str, set[str]] = {"headers": set(), "query": set()}
    root = {"type": "root", "children": [tree]}
    for node, at_root in _below(root, at_root=True):
        _walk(node, names, at_root=at_root)
    return Reads(frozenset(names["headers"]), frozenset(names["query"]))


def _walk(node: Node, names: Mapping[str, set[str]], *, at_root: bool) -> None:
    kind, children = node["type"], node["children"]
    if at_root and kind == "subexpression" and (part := _part(children[0])):
        names[part].add(_name(part, children[1]))
        _walk(children[1], names, at_root=False)
        return
    if at_root:
        _check_root(node)
    if kind == "function_expression":
        _check_function(node)
        if at_root:
            _check_references(node)
    for child, child_at_root in _below(node, at_root=at_root):
        _walk(child, names, at_root=child_at_root)


def _below(node: Node, *, at_root: bool) -> Iterator[tuple[Node, bool]]:
    """Yield the children of a node, and whether they are evaluated at the root."""
    for position, child in enumerate(node["children"]):
        if not isinstance(child, dict):
            continue  # The bounds of a slice are numbers.
        if child["type"] != "expref":
            yield child, at_root and (position == 0 or node["type"] not in _FROM_LEFT)
        elif node["type"] == "function_expression":
            yield child["children"][0], False
        else:
            raise ValueError("has a & that is not before an argument of a function")


def _check_root(node: Node) -> None:
    match node["type"]:
        case "current" | "identity":
            raise ValueError(
                f"reads the whole webhook; write body for its content; there is {', '.join(NAMES)}"
            )
        case "field" if node["value"] in _ONE_BY_ONE:
            raise ValueError(_ONE_BY_ONE[node["value"]])
        case "field" if node["value"] not in NAMES:
            from bridge.messages.expression_advice import name_advice  # noqa: PLC0415 (only then)

            raise ValueError(f"reads {node['value']}; {name_advice(node['value'], NAMES)}")


def _part(node: Node) -> str:
    """`headers` or `query` if the node is one of them."""
    is_part = node["type"] == "field" and node["value"] in _ONE_BY_ONE
    return str(node["value"]) if is_part else ""


def _name(part: str, node: Node) -> str:
    while node["type"] in _FROM_LEFT:  # As in `query.item[0]`.
        node = node["children"][0]
    if node["type"] != "field":
        raise ValueError(_ONE_BY_ONE[part])
    name = str(node["value"])
    if part == "headers" and name != name.lower():
        from bridge.messages.expression_advice import header_advice  # noqa: PLC0415 (only then)

        raise ValueError(f"reads header {name}; {header_advice(name)}")
    return name


def _check_function(node: Node) -> None:
    name, given = node["value"], len(node["children"])
    if name not in _FUNCTIONS:
        from bridge.messages.expression_advice import function_advice  # noqa: PLC0415 (only then)

        way = function_advice(name, _FUNCTIONS)
        raise ValueError(f"calls {name}(), which does not exist; {way}")
    wanted = _FUNCTIONS[name]["signature"]
    many = bool(wanted) and bool(wanted[-1].get("variadic"))
    least = sum(OPTIONAL not in each for each in wanted)
    if given < least or (given > len(wanted) and not many):
        takes = len(wanted) if least == len(wanted) else f"{least} or {len(wanted)}"
        arguments = "1 argument" if given == 1 else f"{given} arguments"
        at_least = "at least " if many else ""
        from bridge.messages.function_signatures import SIGNATURES  # noqa: PLC0415 (only then)

        way = f", as in {SIGNATURES[name]}"
        way += "; write the value within the brackets" if not given else ""
        raise ValueError(f"calls {name}() with {arguments}; it takes {at_least}{takes}{way}")
    if name == "money" and given == len(wanted):
        _check_provider(node["children"][-1])


def _check_references(node: Node) -> None:
    """Reject a field of items that is written without &, and so is one of the webhook."""
    name = node["value"]
    for child, wanted in zip(node["children"], _FUNCTIONS[name]["signature"], strict=False):
        first = child
        while first["type"] in _FROM_LEFT:
            first = first["children"][0]
        is_known = first["type"] != "field" or first["value"] in NAMES
        if wanted["types"] == ["expref"] and not is_known:
            raise ValueError(
                f"calls {name}() with {first['value']}, which is no field of the webhook; a field"
                f" of each item is written with &, as in &{first['value']}"
            )


def _check_provider(node: Node) -> None:
    """Reject a provider of `money` that is a literal and not in the table."""
    if node["type"] == "literal" and isinstance(node["value"], str):
        try:
            unit_of(node["value"])
        except ValueError as exc:
            from bridge.messages.expression_advice import provider_advice  # noqa: PLC0415 (only then)

            way = provider_advice(node["value"], amount_providers())
            raise ValueError(f"calls money(), which {exc}{way}") from None


def texts_in(node: Node) -> Iterator[str]:
    """The literals of a tree that are texts."""
    if node["type"] == "literal" and isinstance(node["value"], str):
        yield node["value"]
    for child in node["children"]:
        if isinstance(child, dict):
            yield from texts_in(child)
