"""Tests of the connection commands: requests to the provisioner, and their output."""

from typing import Any

import pytest

from inlet_bridge.operations.deployed import Deployed
from tests.support.provisioner_account import STEP, Account, run

CONNECTION = {
    "name": "orders",
    "owner": "direct",
    "usable": True,
    "parameters": {"inlet_id": "6" * 64},
    "drift": [],
    "sources": ["github"],
}
DRIFT = {"place": "adobe", "name": "flows/f-1 of flow orders", "reason": "it is disabled; patch it"}


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Account:
    account = Account()
    monkeypatch.setattr(Deployed, "_client", account.client)
    return account


def test_status_succeeds_without_drift(account: Account) -> None:
    account.answers = [{"connection": CONNECTION}]
    status, output = run("status", "orders", "--stack", "mine")

    assert status == 0
    assert account.stacks == ["mine"]
    assert "SSM, Adobe and the properties agree" in output


def test_status_reports_drift_and_fails(account: Account) -> None:
    source = {"name": "github", "path": "/webhooks/github"}
    account.answers = [{"connections": [CONNECTION | {"drift": [DRIFT]}], "sources": [source]}]
    status, output = run("status")

    assert status == 1
    assert "adobe flows/f-1 of flow orders: it is disabled; patch it" in output
    assert "source github: /webhooks/github" in output


def test_status_says_what_is_paused(account: Account) -> None:
    since = "2026-03-14T09:20:04+00:00"
    sources = [
        {"name": "github", "path": "/webhooks/github", "paused_since": since},
        {"name": "stripe", "path": "/webhooks/stripe", "paused_since": ""},
    ]
    account.answers = [{"connections": [CONNECTION | {"paused_since": since}], "sources": sources}]
    status, output = run("status")

    assert status == 0
    assert f"usable; owner: inlet apply, outside of a stack  paused since {since}\n" in output
    assert f"source github: /webhooks/github  paused since {since}\n" in output
    assert "source stripe: /webhooks/stripe\n" in output


def test_repair_prints_the_actions(account: Account) -> None:
    account.answers = [{"steps": [STEP]}]
    status, output = run("repair", "orders")

    assert status == 0
    assert account.requests == [{"action": "repair", "connection": "orders"}]
    assert "it is off" in output


@pytest.mark.parametrize(("answer", "status"), [("y\n", 0), ("n\n", 1)])
def test_destroy_asks_for_confirmation(account: Account, answer: str, status: int) -> None:
    account.answers = [{"connection": CONNECTION}, {"steps": [STEP | {"action": "delete"}]}]
    code, output = run("destroy", "orders", answer=answer)

    assert code == status
    assert "Delete the connection orders of inlet-bridge-dev for good?" in output
    destroyed = {"action": "destroy", "connection": "orders"} in account.requests
    assert destroyed == (status == 0)


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("connection", CONNECTION | {"name": "nothing", "parameters": {}}),
        ("source", {"name": "nothing", "exists": False}),
    ],
)
def test_what_does_not_exist_is_not_deleted(
    account: Account, kind: str, state: dict[str, Any]
) -> None:
    account.answers = [{kind: state}]
    options = ["--source"] if kind == "source" else []
    status, output = run("destroy", "nothing", "--yes", *options)

    assert status == 1
    assert f"there is no {kind} nothing in inlet-bridge-dev" in output
    assert [each["action"] for each in account.requests] == ["status"]


@pytest.mark.parametrize(
    ("arguments", "kind", "said"),
    [
        (("status", "OrdersConnection"), "connection", "is it orders?"),
        (("destroy", "OrdersConnection", "--yes"), "connection", "is it orders?"),
        (("destroy", "GithubSource", "--source", "--yes"), "source", "is it github?"),
    ],
)
def test_a_logical_id_is_answered_with_the_name(
    account: Account, arguments: tuple[str, ...], kind: str, said: str
) -> None:
    account.parameters = DEPLOYED
    refusal = {"error": f"{kind}: must be 1-63 lowercase letters", "property": kind}
    account.answers = [{"ok": False, **refusal}]
    status, output = run(*arguments)

    assert status == 1
    assert f"there is no {kind} {arguments[1]} in inlet-bridge-dev; {said}" in output
    assert "provisioner" not in output


EMPTY = {"name": "ordrs", "owner": "", "usable": False, "parameters": {}, "drift": []}
DEPLOYED = [
    "/inlet-bridge/dev/connections/orders/base_connection_id",
    "/inlet-bridge/dev/connections/orders/flows/orders",
    "/inlet-bridge/dev/sources/github",
]


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (("status", "{}"), {"connection": EMPTY}),
        (("status", "{}", "--json"), {"connection": EMPTY}),
        (("destroy", "{}", "--yes"), {"connection": EMPTY}),
        (("repair", "{}"), {"error": "connection: no", "property": "connection"}),
        (("schema", "show", "{}/orders"), {"error": "connection: no", "property": "connection"}),
    ],
)
def test_an_unknown_connection_is_refused_with_the_likely_one(
    account: Account, arguments: tuple[str, ...], answer: dict[str, Any]
) -> None:
    account.parameters = DEPLOYED
    account.answers = [answer, answer]
    status, output = run(*(each.format("ordrs") for each in arguments))

    assert status == 1
    assert "there is no connection ordrs in inlet-bridge-dev; is it orders?" in output
    assert "usable" not in output

    status, output = run(*(each.format("github") for each in arguments))

    assert status == 1
    assert "github is a source, not a connection" in output
    if arguments[0] == "repair":
        assert "the webhook that a Subscription has registered at the vendor; nothing else" in (
            " ".join(output.split())
        )

    account.answers = [answer]
    status, output = run(*(each.format("githb") for each in arguments))

    assert status == 1
    assert "there is no connection githb in inlet-bridge-dev; is it the source github?" in output


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (("destroy", "{}", "--source", "--yes"), {"source": {"name": "x", "exists": False}}),
        (("repair", "{}", "--source"), {"error": "source: no", "property": "source"}),
    ],
)
def test_an_unknown_source_is_refused_with_the_likely_one(
    account: Account, arguments: tuple[str, ...], answer: dict[str, Any]
) -> None:
    account.parameters = DEPLOYED
    account.answers = [answer, answer]
    status, output = run(*(each.format("githb") for each in arguments))

    assert status == 1
    assert "there is no source githb in inlet-bridge-dev; is it github?" in output

    status, output = run(*(each.format("orders") for each in arguments))

    assert status == 1
    assert "orders is a connection, not a source\nName it without --source." in output


@pytest.mark.parametrize(
    ("arguments", "kind"), [(("github", "--source"), "source"), (("orders",), "connection")]
)
def test_what_belongs_to_a_stack_is_deleted_by_deploying_it(
    account: Account, arguments: tuple[str, ...], kind: str
) -> None:
    owner = "arn:aws:cloudformation:eu-west-1:1:stack/inlet-bridge-dev-sources/0a-1b/LinearSource"
    account.answers = [{kind: CONNECTION | {"owner": owner}}]
    status, output = run("destroy", *arguments)

    assert status == 1
    assert f"{kind} {arguments[0]} belongs to the resource LinearSource of the stack" in output
    assert "Remove the resource from its template, such as sources.yaml, and deploy it" in output
    assert [each["action"] for each in account.requests] == ["status"]


def test_destroy_of_a_source_names_the_option(account: Account) -> None:
    account.parameters = DEPLOYED
    account.answers = [{"connection": EMPTY}]

    _, output = run("destroy", "githb")
    assert "`inlet destroy github --source` deletes it if it belongs to no stack" in output
    assert "otherwise remove it from sources.yaml and deploy the file" in output


def test_destroy_can_skip_the_confirmation(account: Account) -> None:
    account.answers = [{"source": {"name": "github"}}, {"deleted": True}]
    status, _ = run("destroy", "github", "--source", "--yes")

    assert status == 0
    assert account.requests[-1] == {"action": "destroy", "source": "github"}


def test_doctor_prints_remedies(account: Account) -> None:
    account.answers = [
        {
            "findings": [
                {"check": "IMS gives a token", "ok": True, "advice": ""},
                {"check": "source github has its secret", "ok": False, "advice": "put it there"},
            ]
        }
    ]
    status, output = run("doctor")

    assert status == 1
    assert "✓ IMS gives a token" in output
    assert "✗ source github has its secret\n  put it there" in output


def test_a_refusal_is_told_in_the_provisioners_words(account: Account) -> None:
    account.answers = [{"ok": False, "error": "Name: belongs to a stack; change it there"}]
    status, output = run("repair", "orders")

    assert status == 1
    assert "Name: belongs to a stack; change it there" in output
