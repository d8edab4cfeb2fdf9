"""Stored secrets are read in each spelling that providers and AWS show."""

import base64
import json
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

import boto3
import pytest

from bridge.verification.declaration import declare_scheme
from bridge.verification.schemes import MacScheme
from bridge.verification.verify import needs_secrets
from bridge.webhook import Webhook
from inlet_bridge.senders.keys import new_rsa, public_pem
from inlet_bridge.senders.sender import Sending
from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud
from tests.support.handled_source import HandledSource, handled, handled_preset
from tests.support.receiver_fakes import SECRET
from tests.support.signing_senders import BODY, CASES, NOW, URL, b64
from tests.support.webhook_events import event

# Base64 of it has "+", "/" and two "=".
KEY = b"\xfb\xef\xbe\xff\xff" * 5
WHSEC = f"whsec_{b64(KEY)}"
BARE = b64(KEY)


def wrapped(text: str) -> list[str]:
    """As files and Secrets Manager store it."""
    return [
        text,
        f"{text}\n",
        f"{text}\r\n",
        json.dumps({"secret": text}),
        f"{text}\n\n",
        f"\ufeff{text}\r\n",
    ]


def encoded(text: str) -> list[str]:
    """As people paste an encoded key."""
    half = len(text) // 2
    return [
        *wrapped(text),
        f"  {text}\t\n",
        f"{text[:half]}\n{text[half:]}",
        f'"{text}"',
        f"'{text}'\n",
    ]


def url_safe(text: str) -> list[str]:
    other = text.replace("+", "-").replace("/", "_")
    return [text.rstrip("="), other, other.rstrip("=")]


def in_base64(text: str) -> list[str]:
    return [*encoded(text), *url_safe(text)]


def as_whsec(_: str) -> list[str]:
    return [*in_base64(WHSEC), *in_base64(BARE), f"v1,{WHSEC}", f"v1,{WHSEC}\n"]


def as_hex(secret: str) -> list[str]:
    return [*encoded(secret), secret.upper(), f" {secret.upper()} "]


def as_pem_body(stored: str) -> list[str]:
    pem = f"-----BEGIN PUBLIC KEY-----\n{stored}\n-----END PUBLIC KEY-----\n"
    flat = pem.replace("\n", "\\n")
    return [*in_base64(stored), pem, flat, json.dumps({"key": pem}), pem.replace("\n", " ")]


def with_bearer(secret: str) -> list[str]:
    return [*wrapped(secret), f"Bearer {secret}", f"bearer  {secret}\n"]


SPELLINGS: Mapping[str, Callable[[str], list[str]]] = {
    **dict.fromkeys(("standard_webhooks", "svix", "openai", "gitlab_signing_token"), as_whsec),
    **dict.fromkeys(("adyen_header", "adyen_payments", "discord"), as_hex),
    "telnyx": in_base64,
    "standard_webhooks_v1a": lambda stored: [
        *in_base64(stored),
        *in_base64(stored.removeprefix("whpk_")),
        f"v1a,{stored}",
    ],
    "sendgrid": as_pem_body,
    **dict.fromkeys(("bearer_api_key", "cloudevents"), with_bearer),
}
STORED = [name for name, case in CASES.items() if needs_secrets(case.declared.scheme)]


def secret_of(name: str) -> str:
    scheme = CASES[name].declared.scheme
    return WHSEC if isinstance(scheme, MacScheme) and scheme.key == "whsec" else CASES[name].secret


@pytest.mark.parametrize("name", STORED)
def test_every_spelling_of_a_secret_verifies(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case, secret = CASES[name], secret_of(name)
    webhook = case.send(secret)
    stored = case.sender.stored(secret)
    spellings = SPELLINGS.get(name, wrapped)(stored)
    expected = handled_preset(name, monkeypatch, stored).send(webhook).status
    assert expected in {200, 204, 415}

    for index, spelling in enumerate(spellings):
        answer = handled_preset(name, monkeypatch, spelling).send(webhook)

        assert answer.status == expected, f"spelling {index}"


NOT_A_SECRET = ["", "{}", '{"a":"b","c":"d"}', '{"a":1}', '{"a":""}']
NOT_A_KEY = "[]{"  # It is a text, so it may be a secret where the text is the key.
ENCODED = {*SPELLINGS, "basic_auth"} - {"bearer_api_key", "cloudevents"}


@pytest.mark.parametrize(
    ("name", "text"),
    [(name, text) for name in STORED for text in NOT_A_SECRET]
    + [(name, NOT_A_KEY) for name in sorted(ENCODED)],
)
def test_unreadable_secret_asks_the_sender_to_retry(
    name: str, text: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The fault is ours, so no webhook is lost when the secret is corrected in time."""
    source = handled_preset(name, monkeypatch)
    source.parameters.values[SECRET] = text

    assert source.send(CASES[name].send()).status == 503
    if text:
        [line] = unreadable(caplog)
        assert line["levelname"] == "ERROR"
        assert line["parameter"] == SECRET
        assert str(line["reason"]).startswith("it must be ")
        assert text not in str(line)


@pytest.mark.parametrize("name", [name for name in STORED if secret_of(name) == WHSEC])
@pytest.mark.parametrize(
    "text",
    [
        f"{WHSEC} {WHSEC}",
        f"v1,{WHSEC}|v1,{WHSEC}",
        f"{BARE.rstrip('=')}{WHSEC.rstrip('=')}",
        f"WHSEC_{BARE}",
        f"whpk_{b64(KEY * 2)[:43]}",
        f"whsk_{b64(KEY * 3)[:43]}",
        f"v1a,whpk_{b64(KEY * 2)[:43]}",
    ],
)
def test_label_within_a_key_is_no_part_of_it(
    name: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its letters are base64, so that two secrets or a public key would be decoded."""
    assert handled_preset(name, monkeypatch, text).send(CASES[name].send(WHSEC)).status == 503


def unreadable(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    lines = [vars(record) for record in caplog.records]
    return [line for line in lines if line["msg"] == "a secret cannot be read"]


@pytest.mark.parametrize("name", SPELLINGS)
def test_older_secret_works_while_the_newer_cannot_be_read(
    name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stored = CASES[name].sender.stored(CASES[name].secret)
    source = handled_preset(name, monkeypatch, stored, stored)
    source.parameters.values[source.source.secrets[0]] = '{"one":"1","two":"2"}'

    assert source.send(CASES[name].send()).status in {200, 204}
    assert len(unreadable(caplog)) == 1


def token_source(stored: str, monkeypatch: pytest.MonkeyPatch) -> HandledSource:
    """Tokens of a key that is stored, not published."""
    declared = declare_scheme("jwt", {"Algorithms": ["RS256"]})
    return handled(declared, [stored], monkeypatch)


def test_key_of_tokens_is_pem_whatever_became_of_its_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    key = new_rsa()
    sender = CASES["jwt"].sender
    token = sender.sign(Sending(BODY, key, NOW, URL))
    pem = public_pem(key).decode()
    webhook = Webhook("POST", URL, token, BODY)

    for stored in (pem, pem.replace("\n", "\\n"), json.dumps({"key": pem}), pem.replace("\n", " ")):
        assert token_source(stored, monkeypatch).send(webhook).status == 200
    for stored in (key, "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "a secret"):
        assert token_source(stored, monkeypatch).send(webhook).status == 503


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    with delivery_cloud(monkeypatch) as made:
        yield made


def put(text: str) -> str:
    name = "/inlet-bridge/dev/secrets/supabase"
    boto3.client("ssm").put_parameter(Name=name, Value=text, Type="SecureString", Overwrite=True)
    return name


def deploy(cloud: DeliveryCloud, secret: str) -> dict[str, str]:
    answer: dict[str, str] = cloud.provisioned.send(
        "source-create", Name="supabase", Provider="standard_webhooks", Secrets=[secret]
    )
    return answer


def test_unreadable_secret_fails_the_deployment_with_one_sentence(cloud: DeliveryCloud) -> None:
    value = f"CANARY-{os.urandom(8).hex()}!"
    secret = put(value)

    answer = deploy(cloud, secret)

    assert answer["Status"] == "FAILED"
    assert (
        f"Secrets.0: {secret} of source supabase must be base64, with or without the prefix whsec_"
        in answer["Reason"]
    )
    assert value not in json.dumps(answer) + cloud.log.getvalue()


def test_secret_as_supabase_shows_it_is_deployed_and_verifies(cloud: DeliveryCloud) -> None:
    answer = deploy(cloud, put(f"v1,{WHSEC}\n"))
    assert answer["Status"] == "SUCCESS", answer["Reason"]
    webhook = CASES["standard_webhooks"].send(WHSEC, at=datetime.now(UTC))
    made = event("stripe-signed")
    made["rawPath"], made["pathParameters"] = "/webhooks/supabase", {"source": "supabase"}
    made["headers"] = dict(webhook.headers)
    made["body"], made["isBase64Encoded"] = base64.b64encode(webhook.body).decode(), True

    assert cloud.receive(made).status == 200
