"""Pause and resume sources and connections in the inspector."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest

from bridge.sources.cache import PAUSE_DELAY, SOURCE_LIFETIME
from inlet_bridge.operations.deployed import Deployed
from tests.support.configured_chain import put_chain
from tests.support.inspecting import opened
from tests.support.moto_deployment import STACK, Bridge, deployed_bridge
from tests.support.overview_page import PAGE


@pytest.fixture
def bridge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    with deployed_bridge(monkeypatch) as bridge:
        put_chain()
        yield bridge


@pytest.mark.parametrize("named", [{"source": "github"}, {"connection": "webhooks"}])
@pytest.mark.usefixtures("bridge")
def test_pausing_and_resuming_is_recorded_and_done(named: dict[str, str], tmp_path: Path) -> None:
    client = opened(tmp_path, actions_allowed=True)
    [(kind, name)] = named.items()
    parameter = f"/inlet-bridge/dev/{kind}s/{name}/paused"

    response = client.post(f"{PAGE}/pause", data=named)
    assert response.status_code == 303
    assert re.fullmatch(rf"{PAGE}\?notice=[\w-]+#waiting", response.headers["location"])
    page = client.get(response.headers["location"]).text
    assert f"The {kind} {name} is paused: sending stops within" in page
    ssm = boto3.client("ssm")
    assert ssm.get_parameter(Name=parameter)["Parameter"]["Value"].startswith("20")
    assert f'aria-label="Resume {kind} {name}"' in client.get(PAGE).text

    before = datetime.now(UTC)
    response = client.post(f"{PAGE}/resume", data=named)
    page = client.get(response.headers["location"]).text
    found = re.search(rf"The {kind} {name} is resumed\..* by (\d\d:\d\d) UTC", page)
    assert found
    longest = PAUSE_DELAY + SOURCE_LIFETIME
    minutes = range((datetime.now(UTC) - before) // timedelta(minutes=1) + 2)
    assert found[1] in {f"{before + longest + timedelta(minutes=n):%H:%M}" for n in minutes}
    again = client.post(f"{PAGE}/resume", data=named)
    assert "was not paused" in client.get(again.headers["location"]).text
    assert ssm.get_parameter(Name=parameter)["Parameter"]["Value"] == "resumed"
    lines = (tmp_path / "actions.jsonl").read_text().splitlines()
    assert [json.loads(line)["action"] for line in lines] == ["pause", "resume", "resume"]
    assert all(json.loads(line)[kind] == name for line in lines)


@pytest.mark.parametrize("action", ["pause", "resume"])
@pytest.mark.usefixtures("bridge")
def test_what_cannot_be_recorded_is_not_done(action: str, tmp_path: Path) -> None:
    (tmp_path / "actions.jsonl").mkdir()
    client = opened(tmp_path, actions_allowed=True)

    response = client.post(f"{PAGE}/{action}", data={"source": "github"})

    assert response.status_code == 502
    assert "it cannot be recorded" in response.text
    assert "XDG_STATE_HOME" in response.text
    found = boto3.client("ssm").get_parameters(Names=["/inlet-bridge/dev/sources/github/paused"])
    assert found["Parameters"] == []


@pytest.mark.usefixtures("bridge")
def test_a_connection_is_paused_after_a_question_that_names_its_sources(tmp_path: Path) -> None:
    client = opened(tmp_path, actions_allowed=True)

    assert f'<form method="get" action="{PAGE}/pause">' in client.get(PAGE).text
    page = client.get(f"{PAGE}/pause?connection=webhooks").text
    assert "Pause the connection webhooks?" in page
    assert "It has 1 source: github." in page
    assert '<input type="hidden" name="connection" value="webhooks">' in page
    assert client.get(f"{PAGE}/pause?connection=%3Cb%3E").status_code == 400
    assert not (tmp_path / "actions.jsonl").exists()


@pytest.mark.usefixtures("bridge")
def test_without_actions_nothing_is_paused(tmp_path: Path) -> None:
    client = opened(tmp_path)

    response = client.post(f"{PAGE}/pause", data={"source": "github"})
    assert response.status_code == 403
    assert "--allow-actions" in response.text
    assert not Deployed(STACK).ssm.get_parameters(
        Names=["/inlet-bridge/dev/sources/github/paused"]
    )["Parameters"]
    assert "disabled title=" in client.get(PAGE).text


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        ("source=github&connection=webhooks", None, 400),
        ("", None, 400),
        ("source=../x", None, 400),
        ("source=%ff", None, 400),
        ("source=github", "text/plain", 415),
        (f"source={'a' * 20_000}", None, 413),
    ],
)
@pytest.mark.usefixtures("bridge")
def test_an_invalid_form_changes_nothing(
    content: str, kind: str | None, status: int, tmp_path: Path
) -> None:
    headers = {"content-type": kind or "application/x-www-form-urlencoded"}
    client = opened(tmp_path, actions_allowed=True)

    response = client.post(f"{PAGE}/pause", content=content, headers=headers)
    assert response.status_code == status
    assert not (tmp_path / "actions.jsonl").exists()
