"""Parse the properties of a source for routes, targets and privacy."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field

from bridge.names import NAME, require_name
from bridge.provisioning.property_parsing import Properties
from bridge.provisioning.sources.other_names import OF_A_ROUTE


def _path(text: str) -> str:
    if not all(text.split(".")):
        raise ValueError("must be a path such as customer.email or items.*.card")
    return text


def _flow(text: str) -> str:
    last = re.split("[/.]", text)[-1]
    if last != text and NAME.fullmatch(last):
        raise ValueError(
            f"must be the name of the flow alone, {last}; the source's Connection names the other"
        )
    return require_name(text)


def _condition(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty; leave When out for a route that takes every event")
    return text


type FlowName = Annotated[str, AfterValidator(_flow)]
type Path = Annotated[str, AfterValidator(_path)]


class RouteTargetProperties(Properties):
    """One entry of `Targets`.

    Attributes:
        map: a template: JSON whose strings are JMESPath expressions; None forwards the body.
        identity: expressions by the codes of their namespaces.
        primary: the namespace of the primary identity; required for several, since CloudFormation
            does not preserve their order.
    """

    ELSEWHERE: ClassVar = OF_A_ROUTE

    flow: FlowName
    map: Any = None
    identity: Mapping[str, str] = {}
    primary: str = ""


class RouteProperties(Properties):
    """One entry of `Routes`.

    Attributes:
        when: a JMESPath condition; the first match applies. Without one, a route takes every event.
        flow, map, identity, primary: as in a target, for a route with a single one. Without
            `flow`, the connection's only flow.
        targets: several flows for each webhook.
        body_schema: JSON Schema of the body, as an object or as JSON text. CloudFormation turns
            the numbers of an object into strings; see `schema_scalars`.
        invalid: the action for a body that does not match the schema.
    """

    ELSEWHERE: ClassVar = OF_A_ROUTE

    when: Annotated[str, AfterValidator(_condition)] = ""
    flow: FlowName | None = None
    map: Any = None
    identity: Mapping[str, str] = {}
    primary: str = ""
    targets: tuple[RouteTargetProperties, ...] = ()
    body_schema: Annotated[Mapping[str, Any] | str | None, Field(alias="Schema")] = None
    invalid: Literal["dead-letter", "send"] = "dead-letter"


class PrivacyProperties(Properties):
    """Parts of a body that are removed, masked or hashed before it is stored."""

    drop: tuple[Path, ...] = ()
    mask: tuple[Path, ...] = ()
    hash: tuple[Path, ...] = ()
