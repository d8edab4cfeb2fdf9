"""The token family."""

import pytest

from bridge.errors import InvalidSignatureError
from bridge.verification.schemes import TokenScheme
from bridge.verification.token import verify_token
from bridge.webhook import Webhook
from tests.support.signing_senders import b64


def accepted(
    scheme: TokenScheme,
    *secrets: str,
    headers: dict[str, str] | None = None,
    url: str = "https://x/y",
    body: bytes = b"",
) -> bool:
    try:
        verify_token(scheme, Webhook("POST", url, headers or {}, body), secrets)
    except InvalidSignatureError:
        return False
    return True


@pytest.mark.parametrize(
    ("token", "genuine"),
    [("tök", True), ("tö", False), ("tökk", False), ("TÖK", False), ("", False), ("\ud800", False)],
)
def test_header_token_must_match_completely(token: str, *, genuine: bool) -> None:
    assert accepted(TokenScheme(("header:x-token",)), "tök", headers={"x-token": token}) is genuine


@pytest.mark.parametrize(
    ("authorization", "token", "genuine"),
    [
        ("Bearer", "Bearer tok", True),
        ("Bearer", "bearer tok", True),
        ("Bearer", "Bearer  tok ", True),
        ("Bearer", "tok", False),
        ("Bearer", "Basic tok", False),
        ("Bearer", "Bearer", False),
        ("Bearer", "Bearertok", False),
        ("Bearer?", "Bearer tok", True),
        ("Bearer?", "tok", True),
        ("Bearer?", "Basic tok", False),
        ("", "tok", True),
        ("", "Bearer tok", False),
    ],
)
def test_authorization_scheme_must_match(authorization: str, token: str, *, genuine: bool) -> None:
    scheme = TokenScheme(("header:authorization",), authorization)

    assert accepted(scheme, "tok", headers={"authorization": token}) is genuine


def test_one_of_several_extractors_suffices() -> None:
    scheme = TokenScheme(("header:authorization", "query:access_token"), "Bearer")

    assert accepted(scheme, "tok", url="https://x/y?a=1&access_token=tok")
    assert accepted(scheme, "tok", headers={"authorization": "Bearer tok"})
    assert not accepted(scheme, "tok", url="https://x/y?access_token=tik")
    assert not accepted(scheme, "tok", url="https://x/access_token=tok")


@pytest.mark.parametrize(
    ("body", "genuine"),
    [
        (b'{"value":[{"clientState":"s"},{"clientState":"s"}]}', True),
        (b'{"value":[{"clientState":"s"},{"clientState":"old"}]}', True),
        (b'{"value":[{"clientState":"s"},{"clientState":"x"}]}', False),
        (b'{"value":[{"clientState":"s"},{}]}', False),
        (b'{"value":[{"clientState":"s"},null]}', False),
        (b'{"value":[{"clientState":["s"]}]}', False),
        (b'{"value":[]}', False),
        (b'{"value":{"clientState":"s"}}', False),
        (b"[]", False),
        (b"not json", False),
    ],
)
def test_every_item_of_a_batch_must_have_a_secret(body: bytes, *, genuine: bool) -> None:
    assert accepted(TokenScheme(("json:value.*.clientState",)), "s", "old", body=body) is genuine


@pytest.mark.parametrize(
    ("header", "genuine"),
    [
        (f"Basic {b64(b'user:p:w')}", True),
        (f"bAsIc {b64(b'user:p:w')}", True),
        (f"Basic {b64(b'user:p')}", False),
        (f"Bearer {b64(b'user:p:w')}", False),
        ("Basic user:p:w", False),
        (f"Basic {b64(bytes([255, 58, 255]))}", False),
        ("Basic", False),
        ("Basic é", False),
    ],
)
def test_basic_credentials_are_decoded(header: str, *, genuine: bool) -> None:
    scheme = TokenScheme(("basic",))

    assert accepted(scheme, "user:p:w", headers={"authorization": header}) is genuine


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_credentials_are_in_utf_8_or_latin_1(encoding: str) -> None:
    """RFC 7617, section 2: the encoding is undefined; Java's HttpURLConnection uses Latin-1."""
    for given in ("Zoë:pässword", "Zoë:passwort"):
        header = f"Basic {b64(given.encode(encoding))}"
        genuine = given == "Zoë:pässword"
        headers = {"authorization": header}
        assert accepted(TokenScheme(("basic",)), "Zoë:pässword", headers=headers) is genuine
