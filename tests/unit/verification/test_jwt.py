"""The jwt family, beyond what the presets use."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from copy import replace
from typing import Any, get_args

import jwt
import pytest

from bridge.errors import InvalidSignatureError, UnavailableError
from bridge.verification.jwt import verify_jwt
from bridge.verification.jwt_scheme import JwtAlgorithm, JwtScheme
from bridge.webhook import Webhook
from inlet_bridge.senders.json_web_tokens import ISSUER_URL, PLAID_URL
from inlet_bridge.senders.keys import certificate, public_pem
from tests.support.provider_fakes import FakePublishedKeys
from tests.support.signing_senders import BODY, CASES, NOW

SECRET = "a signing key that has more than the 64 bytes that SHA-512 likes to have"
SHARED = JwtScheme(from_=("header:x-token",), algorithms=("HS256",), require=())
SECONDS = int(NOW.timestamp())


def token(secret: str = SECRET, algorithm: str = "HS256", **claims: Any) -> str:
    return jwt.encode(claims, secret, algorithm)


def refusal(scheme: JwtScheme, shown: str, *secrets: str, body: bytes = BODY) -> str:
    """Why a token is rejected; empty when it is accepted."""
    webhook = Webhook("POST", "https://x/y", {"x-token": shown}, body)
    try:
        verify_jwt(scheme, webhook, secrets or [SECRET], NOW, FakePublishedKeys())
    except InvalidSignatureError as exc:
        return str(exc)
    return ""


def test_one_of_several_secrets_suffices() -> None:
    assert refusal(SHARED, token(), "another key that has more than 32 bytes", SECRET) == ""
    assert refusal(SHARED, token(), "another key that has more than 32 bytes") != ""


@pytest.mark.parametrize(
    ("rule", "claims", "reason"),
    [
        ({}, {"exp": SECONDS + 1}, ""),
        ({}, {"exp": SECONDS}, "expired"),
        ({"leeway_seconds": 10}, {"exp": SECONDS - 9}, ""),
        ({"leeway_seconds": 10}, {"exp": SECONDS - 10}, "expired"),
        ({}, {"nbf": SECONDS}, ""),
        ({}, {"nbf": SECONDS + 1}, "in the future"),
        ({}, {"iat": SECONDS + 1}, "in the future"),
        ({"max_age_seconds": 300}, {"iat": SECONDS - 300}, ""),
        ({"max_age_seconds": 300}, {"iat": SECONDS - 301}, "more than 300 s ago"),
        ({"max_age_seconds": 300}, {}, "more than 300 s ago"),
        ({"require": ("exp",)}, {}, "lacks a claim"),
        ({}, {"exp": 1e300}, "not a time"),
        ({}, {"exp": -1}, "not a time"),
        ({"issuer": ("a", "b")}, {"iss": "b"}, ""),
        ({"issuer": ("a", "b")}, {"iss": "c"}, "another issuer"),
        ({"issuer": ("a",)}, {}, "another issuer"),
        ({"audience": ("a",)}, {"aud": ["b", "a"]}, ""),
        ({"audience": ("a",)}, {"aud": "a/"}, "another audience"),
        ({"audience": ("a",)}, {"aud": []}, "another audience"),
        ({"claims": ("email=a@b", "email_verified=true")}, {"email": "a@b"}, "email_verified"),
        ({"claims": ("verified=true",)}, {"verified": True}, ""),
        ({"claims": ("verified=true",)}, {"verified": "True"}, "verified"),
        ({"claims": ("verified=1",)}, {"verified": 1}, "verified"),
        ({"body_sha256": "hash"}, {"hash": "0" * 64}, "the body's"),
        ({"body_sha256": "hash"}, {}, "the body's"),
        ({"body_sha256": "hash"}, {"hash": ["a"]}, "the body's"),
    ],
)
def test_claims_must_match_the_scheme(
    rule: dict[str, Any], claims: dict[str, Any], reason: str
) -> None:
    said = refusal(replace(SHARED, **rule), token(**claims))

    assert (reason in said) if reason else (said == "")


@pytest.mark.parametrize("claim", [{"exp": "soon"}, {"nbf": [1]}, {"iat": True}, {"exp": None}])
def test_invalid_time_is_rejected(claim: dict[str, Any]) -> None:
    assert "not a time" in refusal(SHARED, token(**claim))


def test_other_algorithms_than_the_allowed_ones_are_rejected() -> None:
    none = ".".join([_part({"alg": "none"}), _part({}), ""])

    assert "not allowed" in refusal(SHARED, none)
    assert "not allowed" in refusal(SHARED, token(algorithm="HS512"))
    assert "not allowed" in refusal(replace(SHARED, algorithms=("RS256",)), token())


def test_public_key_is_never_used_as_a_shared_secret() -> None:
    pem = public_pem(CASES["jwt"].secret)
    head = f"{_part({'alg': 'HS256', 'kid': 'key-1'})}.{_part({'exp': SECONDS + 60})}"
    forged = jwt.api_jws._jws_global_obj._algorithms["HS256"].sign(head.encode(), pem)  # noqa: SLF001
    shown = f"{head}.{_encoded(forged)}"

    assert refusal(replace(SHARED, algorithms=("RS256",)), shown, pem.decode()) != ""


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize("algorithm", get_args(JwtAlgorithm.__value__))
def test_key_of_another_type_verifies_no_token(algorithm: JwtAlgorithm) -> None:
    """A stored private key, or a key of another algorithm, is not a server error."""
    head = urlsafe_b64encode(json.dumps({"alg": algorithm}).encode()).decode().rstrip("=")
    forged = f"{head}.e30.{'A' * 86}"
    rsa, p256 = CASES["jwt"].secret, CASES["plaid"].secret
    stored = [rsa, p256, public_pem(rsa).decode(), public_pem(p256).decode(), "text", " ", "{}"]

    for key in [*stored, certificate(rsa, "example.com")]:
        scheme = replace(SHARED, algorithms=(algorithm,))
        assert refusal(scheme, forged, key) == "no key verifies the token"


def test_another_encoding_of_a_token_is_rejected() -> None:
    head, claims, signature = token().split(".")
    last = {"A": "B", "E": "F", "I": "J", "M": "N", "Q": "R", "U": "V", "Y": "Z", "c": "d"}
    same = signature[:-1] + last.get(signature[-1], chr(ord(signature[-1]) + 1))
    if urlsafe_b64decode(same + "=") == urlsafe_b64decode(signature + "="):
        assert refusal(SHARED, f"{head}.{claims}.{same}") != ""
    assert refusal(SHARED, f"{head}.{claims}.{signature}=") != ""
    assert refusal(SHARED, f"{head}.{claims}.{signature}\n") != ""


def test_key_that_is_newer_than_the_cached_set_is_found() -> None:
    case = CASES["jwt"]
    network = Rotating(case.published().pages)

    verify_jwt(scheme_of("jwt"), case.send(), [], NOW, network)

    assert network.renewed == [False, True]


class Rotating(FakePublishedKeys):
    """Returns an empty set until it is renewed."""

    def __init__(self, pages: dict[str, bytes]) -> None:
        super().__init__(pages)
        self.renewed: list[bool] = []

    def get(self, url: str, *, posted: bytes = b"", renew: bool = False) -> bytes:
        self.renewed.append(renew)
        return self.pages[url] if renew else b'{"keys":[]}'


@pytest.mark.parametrize(
    "document",
    [b"", b"[]", b"{}", b'{"keys":{}}', b'{"keys":[1]}', b'{"keys":[{"kid":"key-1"}]}', b"\xff"],
)
def test_set_without_the_key_verifies_nothing(document: bytes) -> None:
    with pytest.raises(InvalidSignatureError):
        verify_jwt(
            scheme_of("jwt"),
            CASES["jwt"].send(),
            [],
            NOW,
            FakePublishedKeys({ISSUER_URL: document}),
        )


def test_key_of_two_in_one_set_is_ambiguous() -> None:
    case = CASES["jwt"]
    document = json.loads(case.published().pages[ISSUER_URL])
    document["keys"] *= 2

    with pytest.raises(InvalidSignatureError):
        verify_jwt(
            scheme_of("jwt"),
            case.send(),
            [],
            NOW,
            FakePublishedKeys({ISSUER_URL: json.dumps(document).encode()}),
        )


def test_key_is_requested_from_plaid_by_its_id() -> None:
    case, network = CASES["plaid"], CASES["plaid"].published()

    verify_jwt(scheme_of("plaid"), case.send(), ["plaid-secret"], NOW, network)

    [(url, posted)] = network.asked
    assert url == PLAID_URL
    assert json.loads(posted) == {
        "client_id": "client-1",
        "secret": "plaid-secret",
        "key_id": "key-1",
    }


def test_expired_key_verifies_nothing() -> None:
    case, network = CASES["plaid"], CASES["plaid"].published()
    document = json.loads(network.pages[PLAID_URL])
    document["key"]["expired_at"] = SECONDS - 1
    network.pages[PLAID_URL] = json.dumps(document).encode()

    with pytest.raises(InvalidSignatureError):
        verify_jwt(scheme_of("plaid"), case.send(), ["plaid-secret"], NOW, network)


@pytest.mark.parametrize("kid", [None, 1, "x" * 201, "a\n"])
def test_token_without_a_usable_kid_causes_no_request(kid: object) -> None:
    network = FakePublishedKeys()
    shown = f"{_part({'alg': 'RS256', 'kid': kid})}.{_part({'exp': SECONDS + 9})}.AAAA"
    webhook = Webhook("POST", "https://x/y", {"authorization": f"Bearer {shown}"}, BODY)

    with pytest.raises(InvalidSignatureError):
        verify_jwt(scheme_of("jwt"), webhook, [], NOW, network)
    assert network.asked == []


def test_unavailable_keys_are_not_an_invalid_signature() -> None:
    network = CASES["jwt"].published()
    network.down = True

    with pytest.raises(UnavailableError):
        verify_jwt(scheme_of("jwt"), CASES["jwt"].send(), [], NOW, network)


def scheme_of(name: str) -> JwtScheme:
    scheme = CASES[name].declared.scheme
    assert isinstance(scheme, JwtScheme)
    return scheme


def _part(document: dict[str, Any]) -> str:
    return _encoded(json.dumps(document).encode())


def _encoded(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")
