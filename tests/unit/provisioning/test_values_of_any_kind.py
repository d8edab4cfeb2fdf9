"""A property with a value of any kind is valid, or refused in one short sentence."""

import copy
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest

from bridge.errors import InvalidPropertyError
from bridge.provisioning.connections.properties import desired_chain
from bridge.provisioning.sources.properties import source_properties
from inlet_bridge.mapping.declared import Declared
from inlet_bridge.mapping.errors import PreviewError
from inlet_bridge.mapping.preview import assumed_source
from tests.support.declarations import ORDERS_DATASET, SCHEMA, SECRET
from tests.support.provisioning_bench import STAGE

VALUES: Final[tuple[Any, ...]] = (
    *(None, "", " ", 0, -1, 1.5, True, "true", "*", '"', "body.[", "ü\0", "x" * 5_000),
    *([], ["a"], [None], [[]], [{}], ["x" * 5_000], {}, {"a": "b"}, {"x" * 5_000: "y" * 5_000}),
)
CONNECTION: Final[dict[str, Any]] = {
    "Name": "webhooks",
    "Description": "text",
    "ConnectionId": "a59d368a-1152-4673-a46e-bd52e8cdb9a9",
    "Adopt": "false",
    "Authenticated": "true",
    "DataType": "xdm",
    "OnDelete": "Delete",
    "SettlingSeconds": "300",
    "Flows": [
        {
            "Name": "events",
            "DatasetId": ORDERS_DATASET,
            "SchemaId": SCHEMA,
            "Description": "text",
        },
        {
            "Name": "created",
            "Dataset": {"Name": "Orders", "Profile": "true"},
            "Schema": {
                "Name": "Orders",
                "Class": "ExperienceEvent",
                "FieldGroups": ["https://ns.adobe.com/xdm/mixins/orders"],
                "Fields": {"a": "string", "b": {"c": "number"}, "d": ["string"]},
                "Identities": [{"Field": "_tenant.a", "Namespace": "Email", "Primary": "true"}],
            },
        },
    ],
}
REQUIRED_OF_A_CONNECTION: Final = ("Name", "Flows")
SOURCE: Final[dict[str, Any]] = {
    "Name": "shop",
    "Provider": "shopify",
    "Connection": "webhooks",
    "Secrets": [SECRET],
    "Verification": "none",
    "Body": "json",
    "Charset": "utf-8",
    "DeliveryId": ["header:x-request-id"],
    "EventType": ["header:x-type"],
    "SentAt": ["header:x-date"],
    "Unsigned": ["header:x-type"],
    "ReplayProtection": "standard",
    "DuplicateContentSeconds": "60",
    "Delivery": "inline",
    "Otherwise": "drop",
    "Split": "body.items",
    "ItemId": "id",
    "KeepBodies": "30",
    "PublicUrl": "https://hooks.example.com/webhooks/shop",
    "AllowedCidrs": ["10.0.0.0/8"],
    "AllowedMethods": ["POST"],
    "PathTokens": [SECRET],
    "MaxBodyBytes": "1000",
    "Constants": {"id": "value"},
    "HandshakeSecrets": [SECRET],
    "Registration": "pending",
    "Subscription": {"Credential": "/credential", "Events": ["push"], "Repository": "a/b"},
    "Privacy": {"Drop": ["a.b"], "Mask": ["c"], "Hash": ["d"]},
    "Scheme": {"Family": "mac", "Signature": {"Extract": "header:x-signature"}},
    "Handshakes": [{"When": ["method=GET"], "Answer": {"Status": "200"}}],
    "Routes": [
        {
            "When": "event_type == 'order'",
            "Flow": "events",
            "Map": {"eventType": "'order'", "list": ["body.a"]},
            "Identity": {"Email": "body.email"},
            "Primary": "Email",
            "Schema": {"type": "object"},
        },
        {"Targets": [{"Flow": "events", "Map": {"eventType": "'order'"}}]},
    ],
}
REQUIRED_OF_A_SOURCE: Final = ("Name", "Provider", "Connection", "Secrets", "Routes")


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of everything within a value."""
    within = value.items() if isinstance(value, dict) else enumerate(value)
    for name, inner in within:
        yield (*path, name)
        if isinstance(inner, dict | list):
            yield from paths(inner, (*path, name))


def variants(
    complete: dict[str, Any], required: tuple[str, ...], path: tuple[Any, ...]
) -> Iterator[dict[str, Any]]:
    """The required properties and that of the path, which has each of the values there."""
    for value in VALUES:
        properties = copy.deepcopy({name: complete[name] for name in (*required, path[0])})
        place: Any = properties
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        yield properties


def source_of(properties: dict[str, Any]) -> None:
    source_properties(properties, STAGE)
    assumed_source(Declared(properties, ("events",)), "time-series", {})


def reasons(
    check: Callable[[dict[str, Any]], object], variants: Iterator[dict[str, Any]]
) -> list[str]:
    """Why each variant is refused; variants that are valid have none."""
    found = []
    for properties in variants:
        try:
            check(properties)
        except InvalidPropertyError as exc:
            found.append(str(exc))
        except PreviewError as exc:
            found.append(str(exc.__cause__))
    return found


def name_of(path: tuple[Any, ...]) -> str:
    return ".".join(map(str, path))


@pytest.mark.parametrize("path", list(paths(CONNECTION)), ids=name_of)
def test_property_of_a_connection(path: tuple[Any, ...]) -> None:
    refused = reasons(desired_chain, variants(CONNECTION, REQUIRED_OF_A_CONNECTION, path))

    check_reasons(refused)


@pytest.mark.parametrize("path", list(paths(SOURCE)), ids=name_of)
def test_property_of_a_source(path: tuple[Any, ...]) -> None:
    refused = reasons(source_of, variants(SOURCE, REQUIRED_OF_A_SOURCE, path))

    check_reasons(refused)


def check_reasons(refused: list[str]) -> None:
    """Each names a property, is in plain words, and CloudFormation shows all of it."""
    assert refused
    for reason in refused:
        assert re.match(r"[A-Z][\w.…]*: .", reason), reason
        assert "\n" not in reason
        assert " should " not in reason
        assert len(reason) < 1_000
