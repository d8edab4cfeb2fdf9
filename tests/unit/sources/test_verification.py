"""What holds for every scheme, whatever arrives."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.errors import InvalidSignatureError
from bridge.sources.catalogue import PRESETS
from bridge.sources.declaration import declare_scheme
from bridge.sources.schemes import MacScheme
from bridge.sources.verification import verify
from bridge.webhook import Webhook
from tests.unit.sources.senders import NOW, SENDERS, URL

GIVEN = {"marketo": {"From": "header:x-marketo-token"}}
SCHEMES = {name: declare_scheme(name, GIVEN.get(name)).scheme for name in PRESETS}
MACS = [name for name, scheme in SCHEMES.items() if isinstance(scheme, MacScheme)]
URL_SIGNED = ["hubspot_v2", "hubspot_v3", "square", "trello"]
MAILGUN_TOKEN = b"b5a1c0de"


@settings(deadline=None, max_examples=500)
@given(data=st.data(), name=st.sampled_from(MACS))
def test_any_one_bit_change_of_a_signed_part_is_refused(data: st.DataObject, name: str) -> None:
    webhook = SENDERS[name].send()
    headers = SENDERS[name].sign(webhook.body, SENDERS[name].secret, NOW)
    part = data.draw(
        st.sampled_from([*headers, "body", "url"] if name in URL_SIGNED else [*headers, "body"])
    )
    if part == "url":
        webhook = replace(webhook, url=flipped(data, URL.encode()).decode("latin-1"))
    elif part != "body":
        changed = flipped(data, headers[part].encode()).decode("latin-1")
        webhook = replace(webhook, headers={**webhook.headers, part: changed})
    elif name == "mailgun":  # It signs a token, not the body.
        body = webhook.body.replace(MAILGUN_TOKEN, flipped(data, MAILGUN_TOKEN))
        webhook = replace(webhook, body=body)
    else:
        webhook = replace(webhook, body=flipped(data, webhook.body))

    with pytest.raises(InvalidSignatureError):
        verify(SCHEMES[name], webhook, [SENDERS[name].secret], NOW)


def flipped(data: st.DataObject, content: bytes) -> bytes:
    bit = data.draw(st.integers(0, len(content) * 8 - 1))
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


# What no stranger writes, so that none can guess a secret.
PRIVATE = "\N{SNOWMAN}"
# Halves of surrogate pairs are in it: the events of API Gateway are JSON.
TEXT = st.text(st.characters(exclude_characters=PRIVATE), max_size=40)
NUMBERS = st.integers(-(10**30), 10**30).map(str)
SIGNATURES = st.lists(
    st.sampled_from(["t", "v1", "ts", "h1", "sha256", "v0", "=", ",", ";", " ", "1767270600", "é"])
).map("".join)
NAMES = st.sampled_from(["signature", "timestamp", "token", "value", "clientState"])
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.floats() | NUMBERS | TEXT,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.just("webhookTimestamp"), inner)
    ),
    max_leaves=8,
).map(lambda document: json.dumps(document).encode())
HOSTILE = st.sampled_from([b"[" * 100_000, b'{"a":' * 100_000, b"9" * 5000, b"\xff\xfe[\x00", b""])


@settings(deadline=None, max_examples=500)
@given(
    data=st.data(),
    name=st.sampled_from(sorted(PRESETS)),
    body=st.binary(max_size=60) | DOCUMENTS | HOSTILE,
    url=TEXT,
    secrets=st.lists(TEXT.map(PRIVATE.__add__), max_size=2),
)
def test_a_stranger_is_refused_and_makes_nothing_fail(
    data: st.DataObject, name: str, body: bytes, url: str, secrets: list[str]
) -> None:
    usual = SENDERS[name].send().headers
    values = TEXT | NUMBERS | SIGNATURES
    headers = data.draw(
        st.fixed_dictionaries(
            {}, optional={header: values | st.just(usual[header]) for header in usual}
        )
    )
    webhook = Webhook("POST", f"https://x{url}", headers, body)

    if name in MACS:
        secrets.append(SENDERS[name].other_secret)

    with pytest.raises(InvalidSignatureError):
        verify(SCHEMES[name], webhook, secrets, NOW)
