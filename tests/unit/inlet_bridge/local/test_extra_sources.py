"""Tests of sources that are created by direct invocation."""

import io
import json
from typing import Any

import pytest

from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.errors import LocalCloudError
from inlet_bridge.local.extra_sources import KEEP_DAYS, Provisioner


class Functions(Cloud):
    """An account whose only function returns the same response to every invocation."""

    def __init__(self, payload: object, **more: str) -> None:
        super().__init__("http://127.0.0.1:1", "key", "secret")
        object.__setattr__(self, "answer", {"Payload": payload, **more})
        object.__setattr__(self, "requests", [])

    answer: dict[str, Any]
    requests: list[dict[str, Any]]

    def client(self, service: str) -> Any:
        return self

    def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803
        self.requests.append(json.loads(Payload))
        return self.answer | {"Payload": io.BytesIO(json.dumps(self.answer["Payload"]).encode())}


@pytest.mark.parametrize("routes", [[], [{"Flow": "events", "Map": {"eventType": "event_type"}}]])
def test_source_is_asked_for_as_the_template_would(routes: list[dict[str, Any]]) -> None:
    functions = Functions({"ok": True})
    secret = "/inlet-bridge/local/secrets/stripe"
    Provisioner(functions, "p").add_source("stripe", secret, routes)

    expected = {
        "Name": "stripe",
        "Provider": "stripe",
        "Secrets": [secret],
        "Connection": "webhooks",
        "KeepBodies": KEEP_DAYS,
    }
    if routes:
        expected["Routes"] = routes
    assert functions.requests == [{"action": "apply", "source": expected}]


def test_warnings_are_those_of_the_status() -> None:
    functions = Functions({"ok": True, "source": {"warnings": ["no namespace Emial"]}})

    assert Provisioner(functions, "p").warnings_of("shop") == ["no namespace Emial"]
    assert functions.requests == [{"action": "status", "source": "shop"}]


def test_a_refusal_is_told_in_the_provisioners_words() -> None:
    functions = Functions({"ok": False, "error": "Provider: there is no such preset"})

    with pytest.raises(LocalCloudError, match="there is no such preset"):
        Provisioner(functions, "p").add_source("stripe", "/inlet-bridge/local/secrets/stripe")


@pytest.mark.parametrize("payload", [None, {"errorMessage": "Task timed out"}, [1]])
def test_function_that_failed_is_an_error(payload: object) -> None:
    functions = Functions(payload, FunctionError="Unhandled")

    with pytest.raises(LocalCloudError, match="refused to destroy a source"):
        Provisioner(functions, "p").remove_source("stripe")
