"""The source document."""

import json
from dataclasses import replace

import pytest

from bridge.source import Locks, Source
from bridge.sources.handshake import Answer
from tests import samples
from tests.fakes import NOON
from tests.unit.sources.senders import CASES


def test_a_source_comes_back_as_it_was_written() -> None:
    """What the provisioner writes is what the receiver reads."""
    source = samples.source()

    assert Source.from_document(source.to_document()) == source


def test_everything_that_a_sender_may_need_comes_back() -> None:
    """Handshakes, locks and all."""
    case = CASES["braintree"]
    source = replace(
        samples.source(),
        scheme=case.declared.scheme,
        sent_at=("json:at",),
        timeout_seconds=3,
        handshakes=CASES["asana"].declared.handshakes + case.declared.handshakes,
        handshake_secrets=("/a",),
        acknowledgement=Answer(content_type="text/plain", body="[accepted]"),
        registration_until=NOON,
        public_url="https://hooks.acme.com/in",
        locks=Locks(("192.0.2.0/24",), ("POST",), ("/b", "/c"), 1_000),
    )

    assert Source.from_document(source.to_document()) == source


def test_a_document_from_before_is_still_read() -> None:
    """An update of the functions comes before that of the documents."""
    document = json.loads(samples.source().to_document())
    since = ("sent_at", "timeout_seconds", "handshakes", "handshake_secrets", "acknowledgement")
    for name in (*since, "registration_until", "public_url", "locks"):
        del document[name]

    assert Source.from_document(json.dumps(document)) == replace(
        samples.source(), handshakes=(), sent_at=(), timeout_seconds=None
    )


def test_the_document_holds_references_and_no_secret() -> None:
    """SSM shows it to whoever may read parameters."""
    assert samples.SECRET not in samples.source().to_document()


def test_a_document_of_another_version_is_refused() -> None:
    """Rather than half understood."""
    document = json.loads(samples.source().to_document()) | {"version": 2}

    with pytest.raises(ValueError, match="version 1"):
        Source.from_document(json.dumps(document))
