"""Answers to the questions of providers; see `handshake`."""

import json
import re
from collections.abc import Iterable, Sequence

from bridge.verification.encodings import key_from_secret, utf8, written
from bridge.verification.extractors import parse_extractor, value
from bridge.verification.handshakes import Handshake, HandshakeResponse
from bridge.verification.mac import digest
from bridge.verification.provider_response import ProviderResponse
from bridge.verification.token import is_one_of
from bridge.webhook import Webhook

# Nothing longer is a challenge; a header of more than 8 kB reaches nobody.
_LONGEST_ECHO = 4_096
_TOKEN = re.compile(r"\{([^{}]*)\}")
_MAC = "mac:"
_KEYED = "{" + _MAC


def matching_handshake(
    handshakes: Iterable[Handshake], webhook: Webhook, *, signed: bool
) -> Handshake | None:
    """The first handshake that the request asks for, among the signed or the unsigned ones."""
    asked = (each for each in handshakes if each.signed is signed)
    return next((each for each in asked if all(_holds(c, webhook) for c in each.when)), None)


def shows_secret(handshake: Handshake, webhook: Webhook, secrets: Sequence[str]) -> bool:
    """Whether the request shows a secret where the handshake wants one."""
    keys = [utf8(secret) for secret in secrets if secret]
    return is_one_of(value(webhook, handshake.token), keys)


def reply_to(
    handshake: Handshake, webhook: Webhook, secrets: Sequence[str]
) -> ProviderResponse | None:
    """The answer; None when the request lacks what would be given back, or it is out of bounds.

    Args:
        handshake: the one that the request asks for.
        webhook: the request.
        secrets: of which the first keys `{mac:…}`.
    """
    try:
        return _reply(handshake, handshake.answer, webhook, secrets)
    except LookupError:
        return None


def is_keyed(handshake: Handshake) -> bool:
    """Whether the answer holds something that a secret signed."""
    answer = handshake.answer
    return any(_KEYED in text for text in (answer.text, *answer.fields, *answer.headers))


def would_sign(handshake: Handshake, content: bytes) -> bool:
    """Whether the handshake gives away the keyed hash of this very content."""
    if not is_keyed(handshake):
        return False
    try:
        text = content.decode(errors="surrogatepass")
    except UnicodeDecodeError:
        return False
    return re.fullmatch(handshake.pattern, text) is not None


def refusal(handshake: Handshake) -> ProviderResponse:
    """The answer to one that shows another secret."""
    return ProviderResponse(handshake.refusal, {}, "")


def plain_reply(answer: HandshakeResponse) -> ProviderResponse:
    """An answer that gives nothing back."""
    return ProviderResponse(answer.status, _content_type(answer), answer.body)


def check_template(template: str) -> None:
    """Check the form of a template. Raises ValueError."""
    for token in _TOKEN.findall(template):
        parse_extractor(token.removeprefix(_MAC))


def _reply(
    handshake: Handshake, answer: HandshakeResponse, webhook: Webhook, secrets: Sequence[str]
) -> ProviderResponse:
    def fill(template: str) -> str:
        return _TOKEN.sub(
            lambda found: _given_back(found[1], handshake, webhook, secrets), template
        )

    def pairs(templates: Iterable[str]) -> dict[str, str]:
        return {name: fill(text) for name, _, text in (each.partition("=") for each in templates)}

    body = answer.body
    if answer.text:
        body = fill(answer.text)
    elif answer.fields:
        body = json.dumps(pairs(answer.fields), separators=(",", ":"))
    headers = pairs(answer.headers)
    if not all(text.isascii() and text.isprintable() for text in headers.values()):
        raise LookupError("a header holds nothing else")
    return ProviderResponse(answer.status, _content_type(answer) | headers, body)


def _given_back(token: str, handshake: Handshake, webhook: Webhook, secrets: Sequence[str]) -> str:
    """What stands for a token. Raises LookupError when there is nothing fit to be given back."""
    found = value(webhook, token.removeprefix(_MAC))
    if not found or len(found) > _LONGEST_ECHO:
        raise LookupError(token)
    if handshake.pattern and not re.fullmatch(handshake.pattern, found):
        raise LookupError(token)
    if not token.startswith(_MAC):
        return found
    key = key_from_secret(next(iter(secrets), ""), handshake.key)
    if not key or not any(secrets):
        raise LookupError("there is no secret")
    return written(digest(handshake.algorithm, key, utf8(found)), handshake.encoding).decode()


def _content_type(answer: HandshakeResponse) -> dict[str, str]:
    if not answer.content_type:
        return {}
    # A challenge is a stranger's text on our domain: no browser may take it for a page.
    return {"Content-Type": answer.content_type, "X-Content-Type-Options": "nosniff"}


def _holds(condition: str, webhook: Webhook) -> bool:
    place, equals, wanted = condition.partition("=")
    found = value(webhook, place)
    return found == wanted if equals else bool(found)
