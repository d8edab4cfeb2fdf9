"""Tests of `inlet schema show`."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from adobe_emulator.xdm_schemas import EVENTS_SCHEMA_ID, SCHEMAS
from bridge.provisioning.xdm_constraints import constraints_text
from inlet_bridge.cli import schema_show
from inlet_bridge.cli.main import app
from inlet_bridge.operations.errors import InvalidPropertyError

FLOWS: dict[str, Any] = {
    "events": json.loads(constraints_text(SCHEMAS[EVENTS_SCHEMA_ID])),
    "unread": None,
}


class Provisioner:
    """Knows one connection with two flows, or with one."""

    flows = FLOWS

    def __init__(self, _: object) -> None:
        """Nothing is deployed."""

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        assert request == {"action": "schemas", "connection": "webhooks"}
        return {"data_type": "xdm", "flows": self.flows, "namespaces": []}


@pytest.fixture(autouse=True)
def _provisioner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema_show, "Provisioner", Provisioner)


def show(*arguments: str) -> tuple[int, str]:
    environment = {"COLUMNS": "200", "NO_COLOR": "1"}
    result = CliRunner().invoke(app, ["schema", "show", *arguments], env=environment)
    return result.exit_code, result.output


def test_fields_are_listed_with_their_types() -> None:
    status, output = show("webhooks/events", "--json")

    assert status == 0
    kinds = {each["path"]: each["kind"] for each in json.loads(output)["fields"]}
    assert kinds["eventType"] == "string"
    assert kinds["timestamp"] == "string, date-time"
    assert kinds["commerce.order.priceTotal"] == "number"
    assert kinds["commerce.order.currencyCode"] == "string, pattern ^[A-Z]{3}$"
    assert kinds["productListItems[].SKU"] == "string"
    assert kinds["surveyResponse.surveyAnswers[]"] == "string"
    assert all("object" not in kind for path, kind in kinds.items() if path == "commerce")


def test_fields_below_a_path_are_listed() -> None:
    status, output = show("webhooks/events", "commerce.order")

    assert status == 0
    assert "commerce.order.priceTotal" in output
    assert "currencyCode" in output
    assert "web." not in output
    assert "productListItems[].SKU" in show("webhooks/events", "productListItems")[1]


def test_field_after_the_flow_follows_a_space() -> None:
    status, output = show("webhooks/events/commerce/order")

    assert status == 1
    assert "has a field after the flow; a space separates them" in output
    assert "`inlet schema show webhooks/events commerce.order`" in output
    assert show("webhooks/events/")[0] == 0


def test_only_flow_need_not_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Provisioner, "flows", {"events": FLOWS["events"]})

    assert show("webhooks")[0] == 0


def test_only_connection_need_not_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["webhooks"]
    monkeypatch.setattr(schema_show, "connection_names", lambda _: names)

    assert "connection webhooks has several flows: events, unread" in show()[1]
    monkeypatch.setattr(Provisioner, "flows", {"events": FLOWS["events"]})
    status, output = show()
    assert status == 0
    assert "commerce.order.priceTotal" in output

    names.append("orders")
    status, output = show()
    assert status == 1
    assert "there are several connections: webhooks, orders\nName one: `inlet schema" in output
    names.clear()
    assert "no connection is deployed in inlet-bridge-dev" in show()[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("webhooks",), "connection webhooks has several flows: events, unread"),
        (("webhooks/evnts",), "has no flow evnts; there is events, unread"),
        (("webhooks/unread",), "cannot be read `inlet doctor` says why"),
        (("webhooks/events", "commerc"), "the schema has no field commerc; is it commerce?"),
        (("webhooks/events", "commerce.zz"), "no field zz in commerce; there is"),
        (("webhooks/events", "eventType.a"), "no field a in eventType; there is none"),
        (("webhooks/events", "/commerce/order"), "no field /commerce/order; dots separate its"),
        (
            ("webhooks/events", "commerce/order"),
            "`inlet schema show webhooks/events commerce.order`",
        ),
        (("webhooks/events", "/commerc/order"), "the schema has no field commerc; is it commerce?"),
    ],
)
def test_unknown_name_is_reported(arguments: tuple[str, ...], said: str) -> None:
    status, output = show(*arguments)

    assert status == 1
    assert said in " ".join(output.split())


@pytest.mark.parametrize("flows", [("events",), ("events", "unread")])
def test_flow_after_its_connection_is_pointed_out(
    monkeypatch: pytest.MonkeyPatch, flows: tuple[str, ...]
) -> None:
    monkeypatch.setattr(Provisioner, "flows", {each: FLOWS[each] for each in flows})
    status, output = show("webhooks", "events")

    assert status == 1
    assert "events is a flow of connection webhooks; is it webhooks/events?" in output
    assert "`inlet schema show webhooks/events`" in output


def test_field_with_the_name_of_a_flow_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Provisioner, "flows", {"web": FLOWS["events"]})
    status, output = show("webhooks", "web")

    assert status == 0
    assert "web.webPageDetails" in output


def test_arguments_are_named_where_there_are_too_many() -> None:
    status, output = show("webhooks", "events", "web")

    assert status == 2
    assert "It takes CONNECTION/FLOW, with a slash, and a field with dots" in output


def test_dot_in_place_of_the_slash_is_pointed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    class Unknown(Provisioner):
        def ask(self, _: dict[str, Any]) -> dict[str, Any]:
            raise InvalidPropertyError("Connection", "there is none")

    monkeypatch.setattr(schema_show, "Provisioner", Unknown)
    monkeypatch.setattr(schema_show, "connection_names", lambda _: ["webhooks"])

    status, output = show("webhooks.events")

    assert status == 1
    assert "there is no connection webhooks.events; is it webhooks/events?" in output
