"""One grammar for all signature headers."""

import os
from copy import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.verification.scheme_parameters import Signature
from bridge.verification.signature_header import PresentedSignature, parse_signature

PLAIN = Signature(from_=())
GITHUB = Signature(from_=(), assignment="=", key="sha256")
STRIPE = Signature(from_=(), separator=",", assignment="=", key="v1", timestamp_key="t")
PADDLE = Signature(from_=(), separator=";", assignment="=", key="h1", timestamp_key="ts")
STANDARD = Signature(from_=(), separator=" ", assignment=",", key="v1")


PIECES = st.lists(
    st.sampled_from(["t", "v1", "ts", "h1", "sha256", *"=,; \t|&\xa0", "12", "ab", "é"]),
    max_size=40,
).map("".join)


@pytest.mark.parametrize(
    ("grammar", "text", "expected"),
    [
        (PLAIN, "abc=", (("abc=",), "")),
        (PLAIN, " abc ", (("abc",), "")),
        (PLAIN, "", ((), "")),
        (GITHUB, "sha256=abc", (("abc",), "")),
        (GITHUB, "sha256=abc=", (("abc=",), "")),
        (GITHUB, "sha1=abc", ((), "")),
        (GITHUB, "abc", ((), "")),
        (STRIPE, "t=12,v1=ab,v0=no,v1=cd", (("ab", "cd"), "12")),
        (STRIPE, "t=12, v1=ab", (("ab",), "12")),
        (STRIPE, "t=12,\xa0v1=ab", ((), "12")),
        (STRIPE, "t=12,t=13,v1=ab", (("ab",), "12")),
        (STRIPE, "v1=,t=", ((), "")),
        (STRIPE, ",,=,", ((), "")),
        (PADDLE, "ts=12;h1=dummy;h1=ab", (("dummy", "ab"), "12")),
        (STANDARD, "v1,a= v1a,no v1,b=", (("a=", "b="), "")),
        (STANDARD, "garbage", ((), "")),
    ],
)
def test_header_is_parsed(
    grammar: Signature, text: str, expected: tuple[tuple[str, ...], str]
) -> None:
    assert parse_signature(text, grammar) == PresentedSignature(*expected)


@pytest.mark.parametrize(
    ("grammar", "item"),
    [(STRIPE, "v1=ab"), (STANDARD, "v1,ab"), (replace(PLAIN, separator=","), "ab")],
)
def test_too_long_a_list_has_no_signature(grammar: Signature, item: str) -> None:
    """Each signature is compared with each secret, and some are in large bodies."""
    most = grammar.separator.join([item] * 200)

    assert len(parse_signature(most, grammar).signatures) == 200
    assert parse_signature(most + grammar.separator + item, grammar) == PresentedSignature((), "")


@given(
    signatures=st.lists(st.text("0123456789abcdef=", min_size=1), min_size=1, max_size=199),
    timestamp=st.integers(0).map(str),
)
def test_formatted_header_is_parsed(signatures: list[str], timestamp: str) -> None:
    text = ",".join([f"t={timestamp}", *(f"v1={signature}" for signature in signatures)])

    assert parse_signature(text, STRIPE) == PresentedSignature(tuple(signatures), timestamp)


@settings(deadline=None, max_examples=int(os.environ.get("EXAMPLES", "10000")) // 4)
@given(
    text=st.text(st.characters()) | PIECES,
    grammar=st.sampled_from([PLAIN, GITHUB, STRIPE, STANDARD]),
)
def test_parsing_never_raises_and_no_signature_is_empty(text: str, grammar: Signature) -> None:
    assert all(parse_signature(text, grammar).signatures)
