"""The page of one refused request, on moto."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from inlet_bridge.inspector.web.addresses import refusal_path
from tests.support.hostile_text import HOSTILE, unsafe
from tests.support.inspecting import opened
from tests.support.moto_deployment import STACK, Bridge, deployed_bridge, describe_source

ID = "JKJaXmPLvHcESHA="


@pytest.fixture
def bridge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    with deployed_bridge(monkeypatch) as bridge:
        yield bridge


def refuse(bridge: Bridge, request_id: str = ID, days: float = 0, **fields: object) -> None:
    line = {
        "message": "refused",
        "source": "github",
        "status": 401,
        "reason": "no signature matches",
        "request_id": request_id,
    }
    bridge.log("Receiver", {**line, **fields}, ago=timedelta(days=days))


def test_refused_request_has_its_reason_and_what_to_do(bridge: Bridge, tmp_path: Path) -> None:
    refuse(bridge)
    refuse(bridge, "another=", reason="the request has no signature")

    text = opened(tmp_path).get(refusal_path(STACK, ID)).text

    assert "refused with 401" in text
    assert "no signature matches" in text
    assert "changes the body" in text
    link = f"/stacks/{STACK}/runbooks/the-sender-gets-401"
    assert f'<a href="{link}">docs/troubleshooting.md, The sender gets 401</a>' in text
    assert "<h1>The sender gets 401</h1>" in opened(tmp_path).get(link).text
    assert "has no signature" not in text


def test_parameter_of_the_secret_is_named(bridge: Bridge, tmp_path: Path) -> None:
    name = "/inlet-bridge/dev/secrets/github"
    describe_source(secrets=(name,))
    refuse(bridge)

    text = opened(tmp_path).get(refusal_path(STACK, ID)).text

    assert f"The secret is in <code>{name}</code>" in text
    assert "inlet secret github --stage dev" in text


def test_refusal_is_searched_further_back(bridge: Bridge, tmp_path: Path) -> None:
    refuse(bridge, days=3)
    browser = opened(tmp_path)

    response = browser.get(refusal_path(STACK, ID))
    assert response.status_code == 404
    assert "is logged in the last day." in response.text
    assert '<a href="?days=7">7 days</a>, <a href="?days=30">30 days</a>' in response.text
    assert "?days" not in browser.get(refusal_path(STACK, "none"), params={"days": 30}).text
    assert "no signature matches" in browser.get(refusal_path(STACK, ID), params={"days": 7}).text
    assert browser.get(refusal_path(STACK, "none"), params={"days": 30}).status_code == 404
    assert browser.get(refusal_path(STACK, ID), params={"days": "x" * 99}).status_code == 404


def test_fault_of_the_bridge_is_shown(bridge: Bridge, tmp_path: Path) -> None:
    refuse(bridge, message="unforeseen", reason=None, status="503", error="KeyError")

    text = opened(tmp_path).get(refusal_path(STACK, ID)).text

    assert "an unforeseen KeyError" in text
    assert "The sender retries" in text


def test_hostile_refusal_is_escaped_and_visible(bridge: Bridge, tmp_path: Path) -> None:
    evil = f"<script>alert(1)</script>{HOSTILE}"
    request_id = "<b>'\"/?#"
    refuse(bridge, request_id, reason=evil, source=evil)

    text = opened(tmp_path).get(refusal_path(STACK, request_id)).text

    assert "refused with 401" in text
    assert "<script>alert" not in text
    assert "<b>" not in text
    assert unsafe(text) == set()
