"""Tests of the provisioner and the watch with invalid invocation events."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from functions.provisioner import handler as provisioner
from functions.watch import handler as watch
from functions.watch import wiring as watch_wiring
from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud
from tests.support.odd_values import DELETED, oddities
from tests.support.provisioner_cloud import Cloud, Context
from tests.support.sam_template import ROOT

NO_REQUESTS: tuple[Any, ...] = (None, [], "", "x", 5, True, {}, [{}], {"a": 1})
FEW: tuple[Any, ...] = (DELETED, None, 5, "", "x", [], {}, {"a": None}, "x" * 10_000)


def context(name: str) -> Any:
    return Context(600, function_name=name)


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    with delivery_cloud(monkeypatch) as cloud:
        watch_wiring.watch.cache_clear()
        yield cloud
        watch_wiring.watch.cache_clear()


def read(path: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((ROOT / "events" / f"{path}.json").read_text())
    return document


ODD_ACTIONS: tuple[Any, ...] = (None, 5, [], {}, ["plan"], "PLAN", "x", "plan")
ODD_NAMES: tuple[Any, ...] = (None, 5, [], {}, "", "../x", "x" * 10_000)
ASKED: tuple[Any, ...] = (
    *NO_REQUESTS,
    *({"action": each} for each in ODD_ACTIONS),
    *({"action": each, "connection": 5} for each in ("plan", "apply", "status", "drift", "x")),
    *({"action": "status", "source": each} for each in ODD_NAMES),
    {"action": "apply", "connection": {}, "source": {}},
    {"action": "apply", "connection": {}, "other": {}},
    {"action": "drift", "connection": "invented"},
    {"action": "repair", "connection": "invented"},
)


@pytest.mark.parametrize("request_", ASKED, ids=lambda request: str(request)[:40])
def test_invalid_invocation_of_the_provisioner_is_rejected_in_one_sentence(
    cloud: Cloud, request_: Any, caplog: pytest.LogCaptureFixture
) -> None:
    answer = provisioner.lambda_handler(request_, context("provisioner"))

    assert answer["ok"] is False
    assert "internal" not in answer["error"]
    assert not [record for record in caplog.records if hasattr(record, "_aws")]


@pytest.mark.parametrize("name", ["direct-apply-connection", "direct-apply-source"])
def test_invalid_properties_are_rejected_and_create_nothing(cloud: Cloud, name: str) -> None:
    for place, request in oddities(read(f"provisioner/{name}") | {"action": "plan"}, FEW):
        answer = provisioner.lambda_handler(request, context("provisioner"))

        assert answer["ok"] or "internal" not in answer["error"], (place, request)
    assert cloud.objects() == 0


def test_unexpected_error_returns_a_response_and_only_its_location_is_logged(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr("bridge.provisioning.records.Records.names", fail)

    assert cloud.ask(action="status") == {
        "ok": False,
        "error": "internal error, see the log",
        "property": None,
    }
    assert "a secret" not in caplog.text


@pytest.mark.parametrize(
    "event", [*NO_REQUESTS, {"look": None}, {"look": []}, {"look": {}}, {"look": "Invented"}]
)
def test_unknown_check_creates_no_metric(deployed: DeliveryCloud, event: Any) -> None:
    assert watch.lambda_handler(event, context("watch")) == {}
    assert not [line for line in deployed.lines() if "_aws" in line]
