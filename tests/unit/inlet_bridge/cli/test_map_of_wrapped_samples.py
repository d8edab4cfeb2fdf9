"""What `inlet map` says of a sample without an event type, such as a webhook within something."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.linear_map import ISSUE, TEMPLATE
from tests.support.map_runs import run

_TEXT = json.dumps(ISSUE)
_MISSING = "the sample has no event type, so no route takes it: "
_IF = "if that is the webhook, save"


def _output(folder: Path, sample: Any, *, sender: str = "Provider: linear") -> str:
    template, file = folder / "sources.yaml", folder / "sample.json"
    text = TEMPLATE.replace("event_type == 'Issue+create'", "event_type")
    template.write_text(text.replace("Provider: linear", sender))
    file.write_text(json.dumps(sample))
    return " ".join(run("linear", file, "--file", template).output.split())


@pytest.mark.parametrize(
    ("sample", "place", "content"),
    [
        ({"payload": ISSUE}, "payload", "it"),
        ({"data": ISSUE}, "data", "it"),
        ({"detail-type": "a", "detail": ISSUE}, "detail", "it"),
        ([ISSUE], "[0]", "it"),
        ({"version": "2.0", "body": _TEXT, "headers": {}}, "body", "the JSON in that text"),
        ({"Records": [{"body": _TEXT}]}, "Records[0].body", "the JSON in that text"),
        ({"Messages": [{"Body": _TEXT}]}, "Messages[0].Body", "the JSON in that text"),
    ],
)
def test_place_of_the_webhook_is_named(
    tmp_path: Path, sample: Any, place: str, content: str
) -> None:
    output = _output(tmp_path, sample)

    assert f"{_MISSING}type and action are in {place}: {_IF} {content} alone" in output


@pytest.mark.parametrize("sample", [{"a": 1, "b": {"type": "x"}}, {"a": 1, "b": "action, type"}])
def test_place_of_the_type_is_named_for_another_sample(tmp_path: Path, sample: Any) -> None:
    output = _output(tmp_path, sample)

    assert "that of Linear is in body.type and body.action, and the sample has a, b;" in output
    assert "--event-type TYPE gives one" in output
    assert "--header" not in output
    assert _IF not in output


def test_event_of_api_gateway_has_the_headers(tmp_path: Path) -> None:
    event = {"version": "2.0", "body": "{}", "headers": {"X-Shopify-Topic": "orders/create"}}
    shopify = "Provider: shopify"
    output = _output(tmp_path, event, sender=shopify)

    assert f"{_MISSING}the type is in its headers: keep its members headers and body" in output
    kept = {name: event[name] for name in ("headers", "body")}
    assert "no event type" not in _output(tmp_path, kept, sender=shopify)


def test_sender_without_a_type_has_none_to_name(tmp_path: Path) -> None:
    output = _output(tmp_path, {"a": 1}, sender="Scheme: {Family: token, From: header:x}")

    assert f"{_MISSING}give --event-type TYPE" in output
    assert "--header" not in output


def test_item_of_a_list_is_written_as_in_an_expression(tmp_path: Path) -> None:
    output = _output(tmp_path, {"a": 1}, sender="Provider: line")

    assert "is in body.events[0].type, and the sample has a;" in output


def test_webhook_of_the_sender_has_a_type(tmp_path: Path) -> None:
    assert "no event type" not in _output(tmp_path, ISSUE)
