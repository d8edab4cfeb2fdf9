"""The source document."""

import json
from copy import replace

import pytest

from bridge.sources.route import Privacy, Route, RouteTarget
from bridge.sources.source import AccessRules, Source
from bridge.verification.handshakes import HandshakeResponse
from tests.support import sample_webhooks as samples
from tests.support.fakes import NOON
from tests.support.signing_senders import CASES


def test_source_round_trips_through_its_document() -> None:
    """What the provisioner writes is what the receiver reads."""
    source = samples.source()

    assert Source.from_document(source.to_document()) == source


def test_all_attributes_round_trip() -> None:
    """Handshakes, access rules and all."""
    case = CASES["braintree"]
    source = replace(
        samples.source(),
        scheme=case.declared.scheme,
        sent_at=("json:at",),
        timeout_seconds=3,
        handshakes=CASES["asana"].declared.handshakes + case.declared.handshakes,
        handshake_secrets=("/a",),
        acknowledgement=HandshakeResponse(content_type="text/plain", body="[accepted]"),
        registration_until=NOON,
        public_url="https://hooks.acme.com/in",
        access_rules=AccessRules(("192.0.2.0/24",), ("POST",), ("/b", "/c"), 1_000),
        routes=(
            Route(
                (
                    RouteTarget("a", '{"b":"body.b"}', (("Email", "body.mail"),)),
                    RouteTarget("events"),
                ),
                when="event_type == 'x'",
                schema="{}",
                invalid="send",
            ),
            Route((RouteTarget("events"),)),
        ),
        otherwise="drop",
        split="body",
        item_id="body.id",
        headers=("x-topic",),
        privacy=Privacy(drop=("a.b",), mask=("c",), hash=("d.*.e",)),
        schemas={"0-1": '{"type":"object"}'},
        namespaces=None,
    )

    assert Source.from_document(source.to_document()) == source


def test_document_without_newer_attributes_is_read() -> None:
    """An update of the functions comes before that of the documents."""
    document = json.loads(samples.source().to_document())
    routing = ("otherwise", "split", "item_id", "headers", "privacy")
    since = ("sent_at", "timeout_seconds", "handshakes", "handshake_secrets", "acknowledgement")
    for name in (*since, "registration_until", "public_url", "access_rules", *routing):
        del document[name]

    assert Source.from_document(json.dumps(document)) == replace(
        samples.source(), handshakes=(), sent_at=(), timeout_seconds=None
    )


def test_document_holds_references_and_no_secret() -> None:
    """Anyone with access to parameters can read the document."""
    assert samples.SECRET not in samples.source().to_document()


def test_document_of_another_version_is_rejected() -> None:
    """A document of another version must not be misread."""
    document = json.loads(samples.source().to_document()) | {"version": 1}

    with pytest.raises(ValueError, match="version 2"):
        Source.from_document(json.dumps(document))


def test_plain_route_has_the_short_form() -> None:
    """Old functions go on for a while with new documents."""
    document = json.loads(samples.source().to_document())

    assert document["routes"] == [{"flow": "events"}]


def test_destinations_are_the_flows_of_routes_and_otherwise() -> None:
    """Those of routes and the one of the rest, but not what is no flow."""
    routes = (Route((RouteTarget("a"), RouteTarget("b")), when="x"), Route((RouteTarget("c"),)))
    source = replace(samples.source(), routes=routes)

    assert source.destinations() == {"a", "b", "c"}
    assert replace(source, otherwise="drop").destinations() == {"a", "b", "c"}
    assert replace(source, otherwise="d").destinations() == {"a", "b", "c", "d"}


def test_large_document_is_compressed_and_round_trips() -> None:
    """So that it stays within what SSM keeps for nothing."""
    targets = (
        RouteTarget("events", json.dumps({f"field{n}": f"body.field{n}" for n in range(300)})),
    )
    source = replace(samples.source(), routes=(Route(targets),))
    text = source.to_document()

    assert len(text) < 4_000
    assert Source.from_document(text) == source


@pytest.mark.parametrize("text", ["zlib:", "zlib:!", "zlib:AAAA", "{"])
def test_invalid_document_is_rejected_compressed_or_not(text: str) -> None:
    """A cut value, for example."""
    with pytest.raises(ValueError, match=r"."):
        Source.from_document(text)


def test_document_contains_no_double_braces() -> None:
    """SSM rejects them; a short document is stored as plain JSON."""
    target = RouteTarget("events", map='{"x":"\'{{a}} {{{b}}} {\'"}')
    source = replace(samples.source(), routes=(Route((target,)),))

    assert "{{" not in source.to_document()
    assert Source.from_document(source.to_document()) == source
