"""Tests for `bridge.receiving.gate`: path token, method, address and size of a request."""

from copy import replace

import pytest

from bridge.errors import InvalidSignatureError, UnknownSourceError
from bridge.sources.source import AccessRules
from bridge.webhook import Webhook
from tests.support.gates import OTHER_TOKEN, PATH_TOKENS, TOKEN, gate
from tests.support.signing_senders import BODY, CASES, URL

GITHUB = CASES["github"]


def test_path_token_is_an_access_rule() -> None:
    here = gate("github", access_rules=AccessRules(path_tokens=(TOKEN, OTHER_TOKEN)))
    for token in PATH_TOKENS.values():
        assert here.status(replace(GITHUB.send(), path_token=token)) == 0
    for token in ("", "a-token-that-nobody-guesse", "a-token-that-nobody-guesses ", "ë"):
        with pytest.raises(UnknownSourceError):
            here.verify(replace(GITHUB.send(), path_token=token))


def test_source_without_a_path_token_accepts_no_longer_path() -> None:
    with pytest.raises(UnknownSourceError):
        gate("github").verify(replace(GITHUB.send(), path_token="anything"))


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("192.0.2.7", 0),
        ("2001:db8::7", 0),
        ("192.0.3.7", 401),
        ("2001:db9::7", 401),
        ("", 401),
        ("192.0.2.7, 198.51.100.1", 401),
        ("::ffff:192.0.2.7", 401),
    ],
)
def test_source_address_is_an_access_rule(address: str, status: int) -> None:
    here = gate("github", access_rules=AccessRules(allowed_cidrs=("192.0.2.0/24", "2001:db8::/32")))
    # The header X-Forwarded-For is ignored: any client can set it.
    request = replace(GITHUB.send(), source_ip=address)
    request = replace(request, headers={**request.headers, "x-forwarded-for": "192.0.2.7"})

    assert here.status(request) == status


def test_method_is_an_access_rule_that_handshakes_extend() -> None:
    here = gate("trello", access_rules=AccessRules(allowed_methods=("POST",)))

    assert here.status(CASES["trello"].send()) == 0
    assert here.status(replace(CASES["trello"].send(), method="PUT")) == 401
    assert here.status(Webhook("HEAD", URL, {}, b"")) == 200
    assert gate("github").status(replace(GITHUB.send(), method="PUT")) == 0


def test_body_size_is_an_access_rule() -> None:
    here = gate("github", access_rules=AccessRules(max_body_bytes=len(BODY)))

    assert here.status(GITHUB.send()) == 0
    assert here.status(GITHUB.send(body=BODY + b" ")) == 413


def test_access_rule_does_not_replace_the_signature() -> None:
    here = gate(
        "github", access_rules=AccessRules(allowed_cidrs=("192.0.2.0/24",), path_tokens=(TOKEN,))
    )
    forged = replace(GITHUB.send("another secret"), source_ip="192.0.2.7")

    with pytest.raises(InvalidSignatureError):
        here.verify(replace(forged, path_token=PATH_TOKENS[TOKEN]))
