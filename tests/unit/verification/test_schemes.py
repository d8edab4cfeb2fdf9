"""Tests of the documents of schemes."""

import json

import pytest

from bridge.errors import InvalidSignatureError
from bridge.parameter_json import document_of
from bridge.verification.catalogue import PRESETS
from bridge.verification.scheme_document import scheme_from_document
from bridge.verification.scheme_parameters import Signature
from bridge.verification.schemes import MacScheme, NoScheme, Scheme, TokenScheme
from bridge.verification.verify import verify
from bridge.webhook import Webhook
from tests.support.signing_senders import NOW


@pytest.mark.parametrize("scheme", [preset.scheme for preset in PRESETS.values()])
def test_scheme_round_trips_through_its_document(scheme: Scheme) -> None:
    document = json.loads(json.dumps(document_of(scheme)))

    assert scheme_from_document(document) == scheme


def test_omitted_parameters_have_defaults() -> None:
    signature = {"from_": ["header:x-signature"]}
    mac = scheme_from_document({"family": "mac", "content": "{body}", "signature": signature})
    token = scheme_from_document({"family": "token", "from_": ["basic"]})

    assert mac == MacScheme(content="{body}", signature=Signature(from_=("header:x-signature",)))
    assert token == TokenScheme(from_=("basic",))
    assert scheme_from_document({"family": "none"}) == NoScheme()


@pytest.mark.parametrize("family", [{"family": "nobody"}, {"family": "MAC"}, {"family": None}, {}])
def test_unknown_family_is_rejected(family: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="unknown scheme family"):
        scheme_from_document({**family, "from_": ["basic"]})


def test_unknown_family_accepts_nothing() -> None:
    unknown = NoScheme(family="nobody")  # type: ignore[arg-type]  # As of a later version.

    with pytest.raises(InvalidSignatureError):
        verify(unknown, Webhook("POST", "https://x/y", {}, b"{}"), ["secret"], NOW)
