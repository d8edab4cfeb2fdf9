"""Tests of replacing the routes of a source: everything else stays, byte for byte."""

from pathlib import Path

import pytest

from inlet_bridge.template_editing.document import SourcesFile
from inlet_bridge.template_editing.map_text import MapText, map_text
from inlet_bridge.template_reading.errors import ResourceError
from tests.support.sam_template import ROOT

BEFORE = """\
# My sources.
Resources:
  WebhookSource:
    Type: Custom::WebhookSource
    Properties:
      Name: github   # two blanks
"""
ROUTES = """\
      Routes: # of mine
        - When: "event_type == 'push'"
          Flow: events
          Map:
            # An order.
            eventType: "'a'"

        - Flow: people   # the rest
"""
AFTER = """\
      # Delivery: queued
      Otherwise: drop

# The end.
"""
SOURCES = BEFORE + ROUTES + AFTER
FORMS = {
    "comments": (BEFORE, ROUTES, AFTER),
    "the end of the file": (BEFORE, ROUTES, ""),
    "a comment of the next property": (BEFORE, ROUTES, "      # Delivery: queued\n"),
    "a byte order mark": ("\ufeff" + BEFORE, ROUTES, AFTER),
    "one line": (BEFORE, "      Routes: [{Flow: events}] # short\n", AFTER),
    "several lines of braces": (
        BEFORE,
        "      Routes: [{Flow: events,\n         Map: {a: source}},\n      ]\n",
        AFTER,
    ),
    "a literal": (
        BEFORE,
        "      Routes:\n        - Flow: e\n          When: |\n            x\n",
        AFTER,
    ),
    "a literal that keeps its end": (
        BEFORE,
        "      Routes:\n        - Flow: e\n          When: |+\n            x\n",
        "\n\n" + AFTER,
    ),
    "other indentation": (
        BEFORE,
        "      Routes:\n      - Flow: events\n      - Flow: people\n",
        AFTER,
    ),
    "another resource": (
        BEFORE,
        ROUTES,
        "  Other:\n    Type: Custom::WebhookSource\n    Properties: {Name: b, Routes: []}\n",
    ),
}


def map_of(text: str, logical_id: str = "WebhookSource") -> MapText:
    return map_text(SourcesFile(Path("sources.yaml"), text), logical_id)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("parts", FORMS.values(), ids=FORMS)
def test_only_the_routes_change(parts: tuple[str, str, str], newline: str) -> None:
    before, routes, after = (part.replace("\n", newline) for part in parts)
    found = map_of(before + routes + after)

    assert found.text == parts[1].rstrip("\n")
    assert found.line == parts[0].count("\n") + 1
    assert found.replaced(found.text.replace("\n", "\r\n") + "\r\n") is found.file
    new = "      Routes:\n        - Flow: new\n"
    edited = found.replaced(new).text
    assert edited == before + new.replace("\n", newline) + after
    assert map_of(edited).replaced(found.text).text == before + routes + after


def test_within_braces_the_rest_stays() -> None:
    text = "Resources:\n  S: {Type: 'Custom::WebhookSource', Properties: {Routes: [], Name: a}}\n"

    assert map_of(text, "S").text == "Routes: []"
    edited = map_of(text, "S").replaced("Routes: [{Flow: b}]").text
    assert edited == text.replace("[]", "[{Flow: b}]")


@pytest.mark.parametrize(
    "new",
    [
        "      Routes: []\n      Name: other",
        "      Routes: []\n  Other:\n    Type: AWS::SQS::Queue",
        "Routes: []",
        "      Other: []",
        "      Routes: [",
        "      Routes: []\n      Routes: []",
        "      Routes: *x",
        "      Routes: []\n---\nResources: {}",
        "      Routes: []\n    Condition: x",
        "\tRoutes: []",
        "      Routes: " + "[" * 5_000,
    ],
)
def test_a_text_that_changes_anything_else_is_rejected(new: str) -> None:
    with pytest.raises(ResourceError):
        map_of(SOURCES).replaced(new)


def test_a_source_without_routes_is_reported() -> None:
    for text, name in ((BEFORE, "WebhookSource"), (SOURCES, "Nothing")):
        with pytest.raises(ResourceError, match="has no Routes"):
            map_of(text, name)


def test_the_difference_names_the_file_and_the_lines() -> None:
    found = map_of(SOURCES)

    assert found.difference(found.file) == ""
    difference = found.difference(found.replaced(found.text.replace("people", "persons")))
    assert difference.startswith("--- a/sources.yaml\n+++ b/sources.yaml\n@@ ")
    assert (
        "-        - Flow: people   # the rest\n+        - Flow: persons   # the rest" in difference
    )


def test_the_shipped_file_has_the_routes_of_its_source() -> None:
    text = (ROOT / "sources.yaml").read_text()

    assert map_of(text).text.startswith("      Routes:\n        - Flow: events\n")
    assert map_of(text).text.endswith("producedBy: \"'system'\"")
