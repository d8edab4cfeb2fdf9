"""Tests of sources that are rejected before anything is written."""

from hashlib import sha256
from typing import Any

import pytest

from bridge.errors import InvalidPropertyError, UnavailableError
from bridge.provisioning.chain.journal_entry import JournalEntry
from tests.support.applied_sources import DOCUMENT, OWNER, apply
from tests.support.declarations import RETURNS_DATASET, SECRET, connection, flow, source
from tests.support.fakes import NOON
from tests.support.provisioning_bench import Bench

# Twenty thousand incompressible characters: too large for SSM.
NOISE = "".join(sha256(bytes([n // 256, n % 256])).hexdigest() for n in range(320))


@pytest.mark.parametrize(
    ("properties", "sentence"),
    [
        (
            {"Connection": "sales"},
            "Connection: there is no connection sales; the connections are orders",
        ),
        ({"Connection": "order"}, "Connection: there is no connection order; is it orders?"),
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

    with pytest.raises(
        InvalidPropertyError,
        match=r"^Secrets\.0: .* is empty; store it: inlet secret github --stage test"
        r" \(and --file FILE, if it is in another file than sources\.yaml\), or aws ssm",
    ):
        apply(bench)


def test_stored_secret_that_a_misspelled_name_means_is_named(bench: Bench) -> None:
    with pytest.raises(InvalidPropertyError) as caught:
        apply(bench, Secrets=["/inlet-bridge/test/secrets/gihtub"])

    assert str(caught.value).startswith(
        "Secrets.0: /inlet-bridge/test/secrets/gihtub does not exist; is it"
        " /inlet-bridge/test/secrets/github, which does? Else store it: inlet secret github --stage"
        " test (and --file FILE, if it is in another file than sources.yaml), or aws ssm"
        " put-parameter --type SecureString"
    )


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


CAPTURED = "/inlet-bridge/test/secrets/captured/asana"
PATH_TOKEN = "/inlet-bridge/test/secrets/path"
PENDING = {"Provider": "asana", "Secrets": [CAPTURED], "Registration": "pending"}


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
