"""Tests of the creation of source documents."""

from copy import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from bridge.errors import InvalidPropertyError, UnavailableError
from bridge.provisioning.chain.record import JournalEntry
from bridge.provisioning.ownership import DIRECT
from bridge.provisioning.sources.declaration import warnings
from bridge.sources.route import Route, RouteTarget
from bridge.sources.source import AccessRules, Source
from bridge.verification.catalogue import PRESETS
from bridge.verification.handshakes import Handshake, HandshakeResponse
from bridge.verification.schemes import NoScheme
from tests.support.fakes import NOON
from tests.support.provisioning_fakes import (
    RETURNS_DATASET,
    SECRET,
    STACK,
    Bench,
    connection,
    flow,
    source,
)

OWNER = f"{STACK}/GithubSource"
DOCUMENT = "/inlet-bridge/test/sources/github"

# Twenty thousand incompressible characters: too large for SSM.
NOISE = "".join(sha256(bytes([n // 256, n % 256])).hexdigest() for n in range(320))


@pytest.fixture
def bench() -> Bench:
    bench = Bench()
    bench.apply(connection(), OWNER)
    bench.adobe.calls.clear()
    return bench


def apply(bench: Bench, **properties: Any) -> bool:
    return bench.provisioner().sources.apply(source(**properties), OWNER)[1]


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


def test_repeated_apply_writes_nothing(bench: Bench) -> None:
    apply(bench)
    writes = bench.parameters.writes

    assert not apply(bench)
    assert bench.parameters.writes == writes


def test_plan_writes_nothing(bench: Bench) -> None:
    assert bench.provisioner().sources.plan(source(), OWNER)
    assert DOCUMENT not in bench.values


def test_message_buffered_for_a_former_route_still_resolves_its_flow(bench: Bench) -> None:
    flows = flow(), flow("returns", RETURNS_DATASET)
    bench.apply(connection(*flows), OWNER)
    apply(bench, Routes=[{"Flow": "returns"}])

    document = Source.from_document(bench.values[DOCUMENT])
    assert document.routes == (Route((RouteTarget("returns"),)),)
    assert document.flows.keys() == {"orders", "returns"}


def test_route_without_a_flow_leads_to_the_only_one(bench: Bench) -> None:
    apply(bench, Routes=[{"Map": {"eventType": "event_type"}}])

    [route] = Source.from_document(bench.values[DOCUMENT]).routes
    assert [target.flow for target in route.targets] == ["orders"]


def test_delivery_identity_can_be_configured(bench: Bench) -> None:
    apply(bench, DeliveryId="header:x-id", EventType=["header:x-type", "header:x-topic"])

    document = Source.from_document(bench.values[DOCUMENT])
    assert document.delivery_id == ("header:x-id",)
    assert document.event_type == ("header:x-type", "header:x-topic")


@pytest.mark.parametrize(
    ("properties", "sentence"),
    [
        ({"Connection": "sales"}, "Connection: there is no connection sales"),
        (
            {"Routes": [{"Flow": "returns"}]},
            "Routes.0.Flow: connection orders has no flow returns; there is orders",
        ),
        (
            {"Secrets": [SECRET, f"{SECRET}-old"]},
            f"Secrets.1: {SECRET}-old does not exist; store it: aws ssm put-parameter --type Sec",
        ),
        ({"Provider": "gihtub"}, "Provider: "),
        ({"Provider": None}, "Provider: "),
        ({"DeliveryId": "somewhere"}, "DeliveryId: "),
    ],
)
def test_unusable_source_is_rejected_and_not_written(
    bench: Bench, properties: dict[str, Any], sentence: str
) -> None:
    before = dict(bench.values)

    with pytest.raises(InvalidPropertyError) as caught:
        apply(bench, **properties)
    assert str(caught.value).startswith(sentence)
    assert bench.values == before


def test_empty_secret_is_rejected(bench: Bench) -> None:
    bench.values[SECRET] = " "

    with pytest.raises(InvalidPropertyError, match=r"^Secrets\.0: .* is empty; store it: aws ssm"):
        apply(bench)


def test_route_is_required_with_several_flows(bench: Bench) -> None:
    flows = flow(), flow("returns", RETURNS_DATASET)
    bench.apply(connection(*flows), OWNER)

    with pytest.raises(InvalidPropertyError, match=r"^Routes: is required"):
        apply(bench)


def test_source_on_a_connection_in_change_is_rejected(bench: Bench) -> None:
    entry = JournalEntry("run", NOON, "create flows returns").to_text()
    bench.values["/inlet-bridge/test/connections/orders/journal"] = entry

    with pytest.raises(UnavailableError, match="being changed"):
        apply(bench)
    assert DOCUMENT not in bench.values


def test_name_of_another_owner_is_rejected(bench: Bench) -> None:
    apply(bench)

    with pytest.raises(InvalidPropertyError, match=r"^Name: belongs to"):
        bench.provisioner().sources.apply(source(Delivery="queued"), DIRECT)
    with pytest.raises(InvalidPropertyError, match=r"^Name: belongs to"):
        bench.provisioner().sources.destroy("github", DIRECT)
    assert '"inline"' in bench.values[DOCUMENT]


def test_destroy_leaves_nothing(bench: Bench) -> None:
    apply(bench)
    bench.values[f"{DOCUMENT}/paused"] = "resumed"

    assert bench.provisioner().sources.destroy("github", OWNER)
    assert not bench.provisioner().sources.destroy("github", OWNER)
    assert not [name for name in bench.values if "/sources/" in name]


def test_status_names_secrets_without_their_values(bench: Bench) -> None:
    apply(bench)
    status = bench.provisioner().sources.status("github")

    assert status["secrets"] == {SECRET: True}
    assert status["path"] == "/webhooks/github"
    assert bench.values[SECRET] not in str(status)
    assert bench.provisioner().sources.status("gitlab") == {"name": "gitlab", "exists": False}


def test_unreadable_document_is_named(bench: Bench) -> None:
    bench.values[DOCUMENT] = '{"version": 1}'

    with pytest.raises(UnavailableError, match="source github"):
        bench.provisioner().sources.documents.all()


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
    written = document(bench, Provider="salesforce_outbound", Verification="none", Secrets=[])
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
    assert warnings(document(bench)) == []


@pytest.mark.parametrize(
    ("properties", "sentence"),
    [
        ({"Secrets": []}, "Secrets: is required"),
        ({"Provider": "plaid", "Secrets": []}, "Constants.host: is required"),
        ({"Provider": "paypal"}, "Constants.webhook_id: is required: Developer Dashboard"),
        ({"Constants": {"a": "b"}}, "Constants.a: is not used"),
        ({"PublicUrl": "http://a.example"}, "PublicUrl: must be an https address"),
        ({"PublicUrl": "hooks.acme.com"}, "PublicUrl: must be an https address"),
        ({"AllowedCidrs": ["192.0.2.1/24"]}, "AllowedCidrs.0: must be a range"),
        ({"AllowedCidrs": ["anywhere"]}, "AllowedCidrs.0: must be a range"),
        ({"AllowedMethods": ["post"]}, "AllowedMethods.0: must be one of GET"),
        ({"PathTokens": ["a-token-itself"]}, "PathTokens.0: must be the name of a parameter"),
        ({"PathTokens": [PATH_TOKEN]}, f"PathTokens.0: {PATH_TOKEN} does not exist"),
        ({"PathTokens": [SECRET] * 3}, "PathTokens: takes at most 2"),
        ({"HandshakeSecrets": ["meatyhamhock"]}, "HandshakeSecrets.0: must be the name"),
        ({"MaxBodyBytes": "0"}, "MaxBodyBytes: must"),
        ({"Registration": "done"}, "Registration: must be 'pending'"),
        ({"Registration": "pending"}, "Secrets: must be one below /inlet-bridge/test/secrets/capt"),
        ({**PENDING}, "Registration: needs PathTokens, or AllowedCidrs of the provider's own: no"),
        ({**PENDING, "AllowedCidrs": ["128.0.0.0/1"]}, "Registration: needs PathTokens, or"),
        (
            {**PENDING, "AllowedCidrs": ["192.0.2.0/24"], "Provider": "github"},
            "Registration: needs a handshake with Capture",
        ),
        (
            {"Handshakes": [{"When": "method=POST", "Capture": "json:secret"}]},
            "Handshakes: Capture requires Signed: false",
        ),
        ({"SentAt": "somewhere"}, "SentAt: must be header:NAME"),
        ({"Handshakes": [{"When": []}]}, "Handshakes: must have a When"),
        ({"Handshakes": [{"Wen": []}]}, "Handshakes.0.Wen: there is no such property"),
        ({"Handshakes": [{}]}, "Handshakes.0.When: is required"),
        (
            {"Handshakes": [{"When": "method=GET", "Answer": {"Text": "{cookie:a}"}}]},
            "Handshakes: must be header:NAME",
        ),
        (
            {
                "Handshakes": [
                    {"When": "method=GET", "Signed": "false", "Answer": {"Text": "{mac:query:a}"}}
                ]
            },
            "Handshakes.Pattern: is required with {mac:…}",
        ),
        (
            {
                "Handshakes": [
                    {
                        "When": "method=GET",
                        "Signed": "false",
                        "Confirm": "query:url",
                        "Allow": r"https://a\.example/.*",
                    }
                ]
            },
            "Handshakes: Confirm requires Signed: true",
        ),
        (
            {"Handshakes": [{"When": "method=GET", "Confirm": "query:url", "Allow": "https://.*"}]},
            "Handshakes: would fetch any URL",
        ),
        (
            {
                "Verification": "none",
                "Handshakes": [
                    {
                        "When": "method=GET",
                        "Pattern": "[a-z]{1,9}",
                        "Answer": {"Text": "{mac:query:a}"},
                    }
                ],
            },
            "Handshakes: must not use Confirm, Capture",
        ),
        ({"Verification": "none", "Scheme": {"Family": "mac"}}, "Scheme: cannot be combined with"),
        ({"Handshakes": [{"When": ["json:" + NOISE]}]}, "Properties: would make a document"),
    ],
)
def test_forgeable_or_unsatisfiable_verification_is_rejected(
    bench: Bench, properties: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InvalidPropertyError) as caught:
        apply(bench, **properties)

    assert str(caught.value).startswith(sentence)


def test_guessable_path_token_is_rejected(bench: Bench) -> None:
    bench.values[PATH_TOKEN] = "short"

    with pytest.raises(InvalidPropertyError, match=r"^PathTokens\.0: .* 16-128 letters") as caught:
        apply(bench, PathTokens=[PATH_TOKEN])
    assert "short" not in str(caught.value)


UNREADABLE = {
    "github": ('{"a":"CANARY","b":"CANARY"}', "the secret as a text"),
    "standard_webhooks": ("CANARY!", "base64, with or without the prefix whsec_ or v1,whsec_"),
    "adyen_header": ("CANARY", "hexadecimal digits, two for each byte"),
    "basic_auth": ("CANARY", "user:password"),
    "discord": ("0aCANARY", "a public key for ed25519, 64 hexadecimal digits"),
    "telnyx": ("CANARY==", "a public key for ed25519, base64 of 32 bytes"),
    "standard_webhooks_v1a": ("whpk_CANARY", "a public key for ed25519, base64 of 32 bytes, with"),
    "sendgrid": ("CANARY", "a public key for ecdsa-p256-sha256, base64 of its SubjectPublicKey"),
    "jwt": ("CANARY", "a public key for RS256 or ES256 or EdDSA as PEM"),
}


@pytest.mark.parametrize("provider", UNREADABLE)
@pytest.mark.parametrize("action", ["plan", "apply"])
def test_unreadable_secret_is_rejected_in_one_sentence(
    bench: Bench, provider: str, action: str
) -> None:
    bench.values[SECRET], form = UNREADABLE[provider]
    sources = bench.provisioner().sources

    with pytest.raises(InvalidPropertyError) as caught:
        getattr(sources, action)(source(Provider=provider), OWNER)

    assert caught.value.path == "Secrets.0"
    assert caught.value.reason.startswith(f"{SECRET} of source github must be {form}")
    assert "CANARY" not in str(caught.value)
    assert DOCUMENT not in bench.values
