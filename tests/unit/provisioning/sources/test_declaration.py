"""Tests of what a source's properties become in its document."""

from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge.errors import InvalidPropertyError
from bridge.provisioning.sources.declaration import warnings
from bridge.sources.route import Route, RouteTarget
from bridge.sources.source import AccessRules, Source
from bridge.verification.catalogue import PRESETS
from bridge.verification.handshakes import Handshake, HandshakeResponse
from bridge.verification.schemes import NoScheme
from tests.support.applied_sources import DOCUMENT, apply
from tests.support.declarations import SECRET
from tests.support.provisioning_bench import Bench

_MAPPED = [{"Map": {"eventType": "event_type"}}]
_UNSIGNED: dict[str, Any] = {"Verification": "none", "Secrets": [], "Routes": _MAPPED}


def test_document_has_everything_that_a_webhook_needs(bench: Bench) -> None:
    assert apply(bench, Delivery="queued")

    document = Source.from_document(bench.values[DOCUMENT])
    ids = bench.below("orders")
    assert document.provider == "github"
    assert document.secrets == (SECRET,)
    assert document.delivery == "queued"
    assert document.routes == (Route((RouteTarget("orders"),)),)
    assert document.connection.inlet_url == ids["inlet_url"]
    assert document.connection.source_id == ids["source_id"]
    assert document.connection.authenticated
    assert document.flows["orders"].flow_id == ids["flows/orders/flow_id"]
    assert document.delivery_id
    assert bench.adobe.calls == []


def test_delivery_identity_can_be_configured(bench: Bench) -> None:
    apply(bench, DeliveryId="header:x-id", EventType=["header:x-type", "header:x-topic"])

    document = Source.from_document(bench.values[DOCUMENT])
    assert document.delivery_id == ("header:x-id",)
    assert document.event_type == ("header:x-type", "header:x-topic")


CAPTURED = "/inlet-bridge/test/secrets/captured/asana"
PATH_TOKEN = "/inlet-bridge/test/secrets/path"
PENDING = {"Provider": "asana", "Secrets": [CAPTURED], "Registration": "pending"}


def document(bench: Bench, **properties: Any) -> Source:
    apply(bench, **properties)
    return Source.from_document(bench.values[DOCUMENT])


def test_preset_is_expanded_with_its_handshakes(bench: Bench) -> None:
    written = document(bench, Provider="zoom")

    assert written.handshakes == PRESETS["zoom"].handshakes
    assert written.acknowledgement == PRESETS["zoom"].acknowledgement
    assert written.timeout_seconds == 3


def test_constants_are_inserted_into_the_scheme(bench: Bench) -> None:
    written = document(
        bench,
        Provider="paypal",
        Secrets=["/inlet-bridge/test/secrets/there-is-none"],
        Constants={"webhook_id": "WH-1"},
    )

    assert "|WH-1|" in str(written.scheme)
    assert written.secrets == ()
    assert "const:" not in bench.values[DOCUMENT]


def test_access_rules_and_addresses_are_in_the_document(bench: Bench) -> None:
    bench.values[PATH_TOKEN] = "a-token-that-nobody-guesses"
    written = document(
        bench,
        PublicUrl="https://hooks.acme.com/in/github",
        AllowedCidrs=["192.0.2.0/24", "2001:db8::/32"],
        AllowedMethods=["POST"],
        PathTokens=[PATH_TOKEN],
        MaxBodyBytes="100000",
        SentAt="json:at",
        HandshakeSecrets=[SECRET],
    )

    assert written.public_url == "https://hooks.acme.com/in/github"
    assert written.access_rules == AccessRules(
        ("192.0.2.0/24", "2001:db8::/32"), ("POST",), (PATH_TOKEN,), 100_000
    )
    assert written.sent_at == ("json:at",)
    assert written.handshake_secrets == (SECRET,)
    assert bench.values[PATH_TOKEN] not in bench.values[DOCUMENT]


def test_handshakes_can_be_configured(bench: Bench) -> None:
    crc = {
        "When": ["method=GET", "query:crc_token"],
        "Signed": "false",
        "Pattern": "[A-Za-z0-9]{20,60}",
        "Encoding": "base64",
        "Answer": {
            "ContentType": "application/json",
            "Fields": ["response_token=sha256={mac:query:crc_token}"],
        },
    }
    written = document(bench, Handshakes=[crc])

    assert written.handshakes == (
        Handshake(
            when=("method=GET", "query:crc_token"),
            answer=HandshakeResponse(
                content_type="application/json",
                fields=("response_token=sha256={mac:query:crc_token}",),
            ),
            signed=False,
            pattern="[A-Za-z0-9]{20,60}",
            encoding="base64",
        ),
    )


def test_secret_may_be_missing_while_a_registration_is_pending(bench: Bench) -> None:
    bench.values[PATH_TOKEN] = "a-token-that-nobody-guesses"
    pending = {**PENDING, "PathTokens": [PATH_TOKEN]}
    written = document(bench, **pending)
    assert written.registration_until == bench.clock() + timedelta(hours=1)

    bench.values[CAPTURED] = "b537207f20cbfa02357cf448134da559"

    assert document(bench, **pending).registration_until is None


def test_missing_verification_must_be_explicit(bench: Bench) -> None:
    with pytest.raises(InvalidPropertyError, match=r"^Verification: must be none: this provider"):
        apply(bench, Provider="salesforce_outbound")
    with pytest.raises(InvalidPropertyError, match=r"^Verification: must be 'none'"):
        apply(bench, Verification="off")


def test_source_without_verification_has_a_warning(bench: Bench) -> None:
    written = document(bench, Provider="salesforce_outbound", **_UNSIGNED)
    assert isinstance(written.scheme, NoScheme)
    assert written.acknowledgement
    assert "<Ack>true</Ack>" in written.acknowledgement.body
    assert warnings(written) == [
        (
            "requests to source github are not verified: Verification is none, "
            "and it has no access rule"
        )
    ]
    assert bench.provisioner().sources.status("github")["warnings"] == warnings(written)

    locked = replace(written, access_rules=AccessRules(allowed_cidrs=("192.0.2.0/24",)))

    assert warnings(locked) == ["requests to source github are not verified: Verification is none"]


def test_source_with_verification_has_no_warning(bench: Bench) -> None:
    assert warnings(document(bench, Routes=_MAPPED)) == []
