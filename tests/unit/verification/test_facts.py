"""The facts of the catalogue agree with its presets."""

import json

import pytest
from pydantic import ValidationError

from bridge.provisioning.sources.coverage import REQUEST_ID
from bridge.verification.catalogue import PRESETS
from bridge.verification.coverage import is_covered
from bridge.verification.fact_kinds import EventIdentity, RegistrationCheck, Retries
from bridge.verification.facts import FACTS, Facts
from bridge.verification.identification import extractors_of
from bridge.verification.jwt_scheme import JwtScheme
from bridge.verification.public_key_scheme import PublicKeyScheme
from bridge.verification.schemes import MacScheme, Scheme
from tests.support.signing_senders import CASES

every_provider = pytest.mark.parametrize("name", PRESETS)

RETRIES = {"after_seconds": [60], "source": "https://example.com/retries"}
EVENT = {"by": "id", "signed": True, "source": "https://example.com/events"}
SILENT = {"documented": False, "source": "https://example.com/silent"}
ALL = {
    "retries": RETRIES,
    "event": EVENT,
    "registration": SILENT,
    "refusal": {"status": 401, "source": "https://example.com"},
    "bodies": SILENT,
    "algorithm": {"allowed": ["hmac-sha256"], "source": "https://example.com"},
    "amounts": SILENT,
}


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
    facts = read(ALL)

    assert facts.retries == Retries(after_seconds=(60,), source="https://example.com/retries")
    assert facts.event == EventIdentity(by="id", signed=True, source="https://example.com/events")
    assert facts.retries.last_seconds == 60
    assert facts.sources == (
        "https://example.com/retries",
        "https://example.com/events",
        "https://example.com/silent",
        "https://example.com",
    )


@pytest.mark.parametrize("name", ALL)
def test_preset_without_one_of_the_facts_is_rejected(name: str) -> None:
    with pytest.raises(ValidationError) as caught:
        read({key: fact for key, fact in ALL.items() if key != name})

    assert caught.value.errors()[0]["loc"] == (name,)


@pytest.mark.parametrize("name", [name for name in ALL if name not in {"event", "algorithm"}])
def test_fact_without_a_value_must_say_that_it_is_not_documented(name: str) -> None:
    with pytest.raises(ValidationError, match="documented"):
        read({**ALL, name: {"source": "https://example.com"}})
    assert read({**ALL, name: SILENT}).all


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({**ALL, "retrys": RETRIES}, ("retrys",)),
        ({**ALL, "retries": {**RETRIES, "atfer_seconds": []}}, ("atfer_seconds",)),
        ({**ALL, "retries": {"after_seconds": [60]}}, ("source",)),
        ({**ALL, "retries": {**RETRIES, "source": "http://example.com"}}, ("source",)),
        ({**ALL, "retries": {**RETRIES, "after_seconds": [0]}}, ("after_seconds", 0)),
        ({**ALL, "retries": {**RETRIES, "after_seconds": ["60"]}}, ("after_seconds", 0)),
        ({**ALL, "retries": {**RETRIES, "after_seconds": [2, 1]}}, ("retries",)),
        ({**ALL, "retries": {**RETRIES, "within_seconds": 60}}, ("retries",)),
        ({**ALL, "retries": {**RETRIES, "changes": ["body"]}}, ("changes", 0)),
        ({**ALL, "retries": {**RETRIES, "documented": False}}, ("retries",)),
        ({**ALL, "event": {**EVENT, "by": "luck"}}, ("by",)),
        ({**ALL, "bodies": {"forms": ["yaml"], "source": "https://example.com"}}, ("forms", 0)),
        ({**ALL, "amounts": {"unit": "cents", "source": "https://example.com"}}, ("unit",)),
    ],
)
def test_wrong_facts_are_rejected(document: object, place: tuple[object, ...]) -> None:
    with pytest.raises(ValidationError) as caught:
        read(document)

    assert caught.value.errors()[0]["loc"][-len(place) :] == place


def test_check_that_is_no_request_is_rejected() -> None:
    with pytest.raises(ValidationError):
        RegistrationCheck.model_validate({"method": "PURGE", "source": "https://example.com"})


# Until a retry arrives that was sent in time: the sender's queue and its timeout.
MARGIN_SECONDS = 600
LEAST_RECORDS_SECONDS = 8 * 86_400


@pytest.mark.parametrize(
    "name", [name for name in PRESETS if FACTS[name].retries.repeats_signature]
)
def test_window_covers_the_retries_with_the_time_of_the_first_attempt(name: str) -> None:
    """And ends while there are records of deliveries, so that a replay is a duplicate."""
    window = _window(PRESETS[name].scheme)
    if window is None:
        return
    last = FACTS[name].retries.last_seconds

    assert last is not None, "a schedule is needed"
    assert last + MARGIN_SECONDS <= window <= LEAST_RECORDS_SECONDS


def _window(scheme: Scheme) -> int | None:
    """How old a signature may be, in seconds; None if no limit is set."""
    match scheme:
        case MacScheme() | PublicKeyScheme():
            return scheme.timestamp.past_seconds if scheme.timestamp else None
        case JwtScheme():
            return scheme.max_age_seconds
        case _:
            return None


@every_provider
def test_identity_is_what_the_preset_does(name: str) -> None:
    preset, event = PRESETS[name], FACTS[name].event
    recipe = preset.delivery_id
    if preset.by_content:
        assert event.by == "content"
    elif not recipe:
        assert event.by == "body"
    else:
        assert event.by == ("request" if recipe[0] == REQUEST_ID else "id")


@pytest.mark.parametrize("name", [name for name in PRESETS if FACTS[name].event.by == "id"])
def test_id_is_signed_as_the_facts_say(name: str) -> None:
    scheme = CASES[name].declared.scheme
    parts = [part for each in PRESETS[name].delivery_id for part in extractors_of(each)]
    signed = scheme.family != "none" and all(
        is_covered(scheme, part) for part in parts if part != REQUEST_ID
    )

    assert FACTS[name].event.signed is signed


@every_provider
def test_identity_is_stable_over_retries(name: str) -> None:
    """Nothing that a retry changes is part of the key."""
    preset, facts = PRESETS[name], FACTS[name]
    changes = set(facts.retries.changes)
    parts = {part for each in preset.delivery_id for part in extractors_of(each)}
    if facts.event.by in {"content", "body"}:
        assert not [change for change in changes if change.startswith(("json:", "form:"))]
    assert not parts & changes
    of_attempt = any(part.startswith("claim:") for part in parts) and "timestamp" in changes
    assert facts.event.stable is not (facts.event.by == "request" or of_attempt)


@every_provider
def test_uncertain_identity_is_named_as_a_risk(name: str) -> None:
    event = FACTS[name].event

    if event.by in {"body", "request"} or not event.stable:
        assert event.risk


@every_provider
def test_retries_come_while_there_are_records_of_deliveries(name: str) -> None:
    last = FACTS[name].retries.last_seconds

    if last is not None and last > LEAST_RECORDS_SECONDS:
        assert "RecordDays" in FACTS[name].event.risk
