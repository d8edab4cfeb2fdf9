"""The facts of the catalogue agree with its presets."""

import json

import pytest
from pydantic import ValidationError

from bridge.verification.catalogue import PRESETS
from bridge.verification.facts import FACTS, EventIdentity, Facts, RegistrationCheck, Retries

every_provider = pytest.mark.parametrize("name", PRESETS)

RETRIES = {"after_seconds": [60], "source": "https://example.com/retries"}
EVENT = {"by": "id", "signed": True, "source": "https://example.com/events"}


def read(document: object) -> Facts:
    return Facts.model_validate_json(json.dumps(document), strict=True)


def test_every_preset_has_facts() -> None:
    assert FACTS.keys() == PRESETS.keys()


@every_provider
def test_every_fact_has_a_source(name: str) -> None:
    facts = FACTS[name]

    assert facts.sources
    assert all(page.startswith("https://") for page in facts.sources)
    assert len(facts.event.note.split()) > 5


def test_facts_are_read() -> None:
    facts = read({"retries": RETRIES, "event": EVENT, "refusal": {"source": "https://example.com"}})

    assert facts.retries == Retries(after_seconds=(60,), source="https://example.com/retries")
    assert facts.event == EventIdentity(by="id", signed=True, source="https://example.com/events")
    assert facts.retries.last_seconds == 60
    assert facts.sources == (
        "https://example.com/retries",
        "https://example.com/events",
        "https://example.com",
    )


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({"retries": RETRIES, "event": EVENT, "retrys": RETRIES}, ("retrys",)),
        ({"retries": {**RETRIES, "atfer_seconds": []}, "event": EVENT}, ("atfer_seconds",)),
        ({"retries": {"after_seconds": [60]}, "event": EVENT}, ("source",)),
        ({"retries": {**RETRIES, "source": "http://example.com"}, "event": EVENT}, ("source",)),
        ({"retries": {**RETRIES, "after_seconds": [0]}, "event": EVENT}, ("after_seconds", 0)),
        ({"retries": {**RETRIES, "after_seconds": ["60"]}, "event": EVENT}, ("after_seconds", 0)),
        ({"retries": {**RETRIES, "after_seconds": [2, 1]}, "event": EVENT}, ("retries",)),
        ({"retries": {**RETRIES, "within_seconds": 60}, "event": EVENT}, ("retries",)),
        ({"retries": {**RETRIES, "changes": ["body"]}, "event": EVENT}, ("changes", 0)),
        ({"retries": RETRIES, "event": {**EVENT, "by": "luck"}}, ("by",)),
        ({"retries": RETRIES}, ("event",)),
    ],
)
def test_wrong_facts_are_rejected(document: object, place: tuple[object, ...]) -> None:
    with pytest.raises(ValidationError) as caught:
        read(document)

    assert caught.value.errors()[0]["loc"][-len(place) :] == place


def test_check_that_is_no_request_is_rejected() -> None:
    with pytest.raises(ValidationError):
        RegistrationCheck.model_validate({"method": "PURGE", "source": "https://example.com"})
