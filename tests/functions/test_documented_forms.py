"""Bodies in every form that a provider documents become a message."""

import json

import pytest

from bridge.verification.catalogue import PRESETS
from bridge.verification.facts import FACTS
from tests.support.sending_provider import sending_provider

SAMPLES = {
    "json": (b'{"id":"evt_1","total":1.5}', {"id": "evt_1", "total": 1.5}),
    "form": (b"id=evt_1&total=1.50", {"id": "evt_1", "total": "1.50"}),
    "xml": (b"<order><id>evt_1</id></order>", {"order": {"id": "evt_1"}}),
    "none": (b"", None),
}
# The only form of a preset is that of its events in `test_documented_sequences`.
CHOICES = [
    (name, form)
    for name, facts in FACTS.items()
    if len(facts.bodies.forms) > 1
    for form in facts.bodies.forms
]


def test_every_choice_has_a_sample() -> None:
    assert {form for _, form in CHOICES} == SAMPLES.keys()
    assert {name for name, _ in CHOICES} >= {"slack", "zendesk", "github", "shopify", "docusign"}


@pytest.mark.parametrize(("name", "form"), CHOICES)
def test_documented_form_is_forwarded(
    name: str, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, expected = SAMPLES[form]
    source = sending_provider(monkeypatch, name)
    method = "GET" if form == "none" and "GET" in PRESETS[name].methods else "POST"

    assert source.send(body, {}, method=method) in range(200, 300)

    [(_, _, content)] = source.inlet.requests
    entity = json.loads(content)["body"]["xdmEntity"]
    assert entity.get("body") == expected
