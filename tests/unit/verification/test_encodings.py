"""Tests of encodings of secrets, digests and signatures."""

import base64
import binascii

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.verification.encodings import decode_signature, encode_digest, key_from_secret, utf8
from bridge.verification.scheme_parameters import KeyEncoding, SignatureEncoding

ENCODINGS: list[KeyEncoding] = ["utf8", "hex", "base64", "whsec"]


@given(key=st.binary(min_size=1))
def test_key_is_decoded_from_each_encoding(key: bytes) -> None:
    text = base64.b64encode(key).decode()

    assert key_from_secret(key.hex(), "hex") == key
    assert key_from_secret(text, "base64") == key
    assert key_from_secret(f"whsec_{text}", "whsec") == key
    assert key_from_secret(f"whsec_{text.rstrip('=')}", "whsec") == key


@given(key=st.binary(min_size=1), space=st.sampled_from(["", " ", "\n", "\r\n", "\t"]))
def test_spelling_of_an_encoded_secret_does_not_matter(key: bytes, space: str) -> None:
    """Upper case, base64url, missing padding, quotation marks and white space."""
    text = base64.b64encode(key).decode()
    url_safe = base64.urlsafe_b64encode(key).decode()

    for each in (text, text.rstrip("="), url_safe, url_safe.rstrip("="), f'"{text}"'):
        spelled = f"{space}{each[:3]}{space}{each[3:]}{space}"
        assert key_from_secret(spelled, "base64") == key
        assert key_from_secret(spelled, "whsec") == key
    assert key_from_secret(f"{space}v1,whsec_{text}{space}", "whsec") == key
    assert key_from_secret(f"{space}{key.hex().upper()}{space}", "hex") == key


def test_text_of_a_stripe_secret_is_the_key() -> None:
    assert key_from_secret("whsec_abcd", "utf8") == b"whsec_abcd"


@pytest.mark.parametrize(
    ("secret", "encoding"),
    [("abc", "hex"), ("0x12", "hex"), ("a", "base64"), ("Y=Q=", "base64"), ("whsec_!", "whsec")],
)
def test_secret_in_another_encoding_has_no_key(secret: str, encoding: KeyEncoding) -> None:
    assert key_from_secret(secret, encoding) == b""


@given(secret=st.text(st.characters()), encoding=st.sampled_from(ENCODINGS))
def test_any_secret_has_a_key_or_none(secret: str, encoding: KeyEncoding) -> None:
    assert isinstance(key_from_secret(secret, encoding), bytes)


@given(text=st.text())
def test_text_is_utf8(text: str) -> None:
    assert utf8(text) == text.encode("utf-8")


def test_lone_surrogate_is_encoded() -> None:
    assert utf8("\ud83c") == b"\xed\xa0\xbc"


@given(digest=st.binary(min_size=1))
def test_digest_is_encoded_in_each_encoding(digest: bytes) -> None:
    assert encode_digest(digest, "hex") == binascii.hexlify(digest)
    assert encode_digest(digest, "base64") == base64.b64encode(digest)
    assert encode_digest(digest, "base64url") == base64.urlsafe_b64encode(digest).replace(b"=", b"")


@given(content=st.binary(min_size=1), encoding=st.sampled_from(["hex", "base64", "base64url"]))
def test_only_canonical_texts_are_decoded(content: bytes, encoding: SignatureEncoding) -> None:
    text = encode_digest(content, encoding).decode()

    assert decode_signature(text, encoding) == content
    for other in (f" {text}", f"{text}\n", f"{text}=", text[:-1], f"{text}é", f"{text}\ud800"):
        assert decode_signature(other, encoding) != content


@pytest.mark.parametrize(
    ("text", "encoding"), [("AB", "hex"), ("YR==", "base64"), ("YR", "base64url"), ("", "hex")]
)
def test_another_encoding_of_the_same_bytes_is_rejected(
    text: str, encoding: SignatureEncoding
) -> None:
    assert decode_signature(text, encoding) == b""
