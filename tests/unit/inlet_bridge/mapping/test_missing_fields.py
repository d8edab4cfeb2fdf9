"""A field that the schema lacks has an error of its own, whatever the text says."""

from typing import Any

import pytest

from inlet_bridge.mapping.declared import Declared
from inlet_bridge.mapping.preview import assumed_source
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.template_reading.errors import MissingFieldError

SCHEMA = {"properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "required": ["a"]}


def _error(fields: dict[str, Any]) -> OperationError:
    routes = [{"Flow": "events", "Map": fields}]
    properties = {"Name": "shop", "Provider": "shopify", "Connection": "c", "Routes": routes}
    with pytest.raises(OperationError) as caught:
        assumed_source(Declared(properties), "time-series", {"events": SCHEMA})
    return caught.value


@pytest.mark.parametrize(
    ("fields", "is_missing"),
    [
        ({"a": "body.a", "c": "body.c"}, True),
        # The first fault is another one.
        ({"c": "body.c"}, True),
        ({"b": "body.b"}, False),
    ],
)
def test_error_has_a_class_of_its_own(fields: dict[str, Any], is_missing: bool) -> None:  # noqa: FBT001
    assert isinstance(_error(fields), MissingFieldError) is is_missing
