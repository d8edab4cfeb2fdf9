"""The mac family, beyond what the presets use."""

import hashlib
import hmac
from copy import replace

import pytest

from bridge.errors import InvalidSignatureError
from bridge.verification.mac import verify_mac
from bridge.verification.scheme_parameters import Algorithm, KeyEncoding, Signature, Timestamp
from bridge.verification.schemes import MacScheme
from bridge.webhook import Webhook
from tests.support.signing_senders import NOW, b64, mac, seconds

BODY = "Zoë".encode()
KEY = b"\x01\xff key"
PLAIN = MacScheme(content="{body}", signature=Signature(from_=("header:x-sig",)))
ITEMS = replace(
    PLAIN,
    signature=Signature(from_=("header:x-sig",), separator=",", assignment="=", key="v1"),
)


def accepted(scheme: MacScheme, headers: dict[str, str], *secrets: str, body: bytes = BODY) -> bool:
    try:
        verify_mac(scheme, Webhook("POST", "https://x/y", headers, body), secrets, NOW)
    except InvalidSignatureError:
        return False
    return True


@pytest.mark.parametrize("algorithm", ["hmac-sha1", "hmac-sha256", "hmac-sha512"])
def test_hmac_uses_the_algorithm_of_the_scheme(algorithm: Algorithm) -> None:
    digest = hmac.new(b"s", BODY, algorithm.removeprefix("hmac-")).hexdigest()

    assert accepted(replace(PLAIN, algorithm=algorithm), {"x-sig": digest}, "s")
    assert not accepted(PLAIN, {"x-sig": hmac.new(b"s", BODY, "sha384").hexdigest()}, "s")


def test_plain_hash_is_keyed_by_the_secret_in_its_content() -> None:
    scheme = replace(PLAIN, algorithm="sha256", content="{secret}{body}")
    digest = hashlib.sha256(b"s" + BODY).hexdigest()

    assert accepted(scheme, {"x-sig": digest}, "s")
    assert not accepted(scheme, {"x-sig": digest}, "t")


@pytest.mark.parametrize(
    ("encoding", "secret"),
    [
        ("hex", KEY.hex()),
        ("hex", KEY.hex().upper()),
        ("base64", b64(KEY)),
        ("whsec", f"whsec_{b64(KEY)}"),
        ("whsec", f"whsec_{b64(KEY).rstrip('=')}"),
        ("whsec", b64(KEY)),
    ],
)
def test_secret_is_decoded_with_its_encoding(encoding: KeyEncoding, secret: str) -> None:
    scheme = replace(PLAIN, key=encoding)

    assert accepted(scheme, {"x-sig": mac(KEY, BODY).hex()}, secret)
    assert not accepted(scheme, {"x-sig": mac(secret, BODY).hex()}, secret)


@pytest.mark.parametrize("encoding", ["hex", "base64", "whsec"])
@pytest.mark.parametrize("secret", ["zz!", "whsec_", "\ud800", "é", "====", " ", "abc\n"])
def test_secret_in_another_encoding_verifies_nothing(encoding: KeyEncoding, secret: str) -> None:
    scheme = replace(PLAIN, key=encoding)
    for key in (b"", secret.encode(errors="surrogatepass")):
        headers = {"x-sig": mac(key, BODY).hex()}

        assert not accepted(scheme, headers, secret)


def test_secret_in_another_encoding_does_not_affect_others() -> None:
    headers = {"x-sig": mac(KEY, BODY).hex()}

    assert accepted(replace(PLAIN, key="hex"), headers, "not hex", KEY.hex())


def test_one_of_many_signatures_suffices() -> None:
    good = mac("s", BODY).hex()

    assert accepted(ITEMS, {"x-sig": f"v1={'0' * 64},v1={good}"}, "s")
    assert accepted(ITEMS, {"x-sig": f"v1={good}, v1=short"}, "s")
    assert not accepted(ITEMS, {"x-sig": f"v0={good},v2={good},{good}"}, "s")


def test_signatures_of_all_extractors_are_tried() -> None:
    scheme = replace(PLAIN, signature=Signature(from_=("header:x-first", "header:x-second")))
    good = mac("s", BODY).hex()

    assert accepted(scheme, {"x-second": good}, "s")
    assert accepted(scheme, {"x-first": "0" * 64, "x-second": good}, "s")
    assert not accepted(scheme, {"x-third": good}, "s")


@pytest.mark.parametrize("wrong", [b64(mac("s", BODY)), mac("s", BODY).hex().upper()])
def test_signature_in_another_encoding_is_rejected(wrong: str) -> None:
    assert not accepted(PLAIN, {"x-sig": wrong}, "s")


def test_base64_is_compared_to_the_last_bit() -> None:
    scheme = replace(PLAIN, signature=replace(PLAIN.signature, encoding="base64"))
    good = b64(mac("s", BODY))
    last = {"A": "B", "E": "F", "I": "J", "M": "N", "Q": "R", "U": "V", "Y": "Z", "c": "d"}
    same_bytes = f"{good[:-2]}{last.get(good[-2], chr(ord(good[-2]) + 1))}="

    assert accepted(scheme, {"x-sig": good}, "s")
    assert not accepted(scheme, {"x-sig": same_bytes}, "s")
    assert not accepted(scheme, {"x-sig": f"{good}A"}, "s")


def test_base64url_may_be_padded() -> None:
    scheme = replace(PLAIN, signature=replace(PLAIN.signature, encoding="base64url"))
    good = b64(mac("s", BODY)).replace("+", "-").replace("/", "_")

    assert accepted(scheme, {"x-sig": good}, "s")
    assert accepted(scheme, {"x-sig": good.rstrip("=")}, "s")


@pytest.mark.parametrize(
    ("headers", "fulfilled"),
    [
        ({"x-kind": "order", "x-version": "1"}, True),
        ({"x-kind": "order", "x-version": "2"}, False),
        ({"x-kind": "order"}, False),
        ({"x-kind": "", "x-version": "1"}, False),
        ({"x-version": "1"}, False),
    ],
)
def test_required_values_must_be_present(headers: dict[str, str], *, fulfilled: bool) -> None:
    scheme = replace(PLAIN, require=("header:x-kind", "header:x-version=1"))

    assert accepted(scheme, headers | {"x-sig": mac("s", BODY).hex()}, "s") is fulfilled


def test_body_that_is_not_utf8_is_rejected_where_utf8_is_required() -> None:
    strict = replace(PLAIN, require_utf8_body=True)
    body = b"\xff"
    headers = {"x-sig": mac("s", body).hex()}

    assert accepted(PLAIN, headers, "s", body=body)
    assert not accepted(strict, headers, "s", body=body)


def test_signed_header_must_be_present() -> None:
    scheme = replace(PLAIN, content="{header:x-id}.{body}")
    headers = {"x-sig": mac("s", b"." + BODY).hex()}

    assert not accepted(scheme, headers, "s")
    assert not accepted(scheme, headers | {"x-id": ""}, "s")
    assert accepted(scheme, {"x-id": "1", "x-sig": mac("s", b"1." + BODY).hex()}, "s")


def test_bytes_cannot_move_between_body_and_an_unchecked_timestamp() -> None:
    timestamp = Timestamp("header:x-time", past_seconds=None, future_seconds=None)
    scheme = replace(PLAIN, content="{timestamp}{body}", timestamp=timestamp)
    good = mac("s", seconds(NOW).encode() + b'{"a":1}').hex()

    assert accepted(scheme, {"x-sig": good, "x-time": seconds(NOW)}, "s", body=b'{"a":1}')
    moved = {"x-sig": good, "x-time": seconds(NOW) + "{"}
    assert not accepted(scheme, moved, "s", body=b'"a":1}')
