"""Match requests to handshakes and build their responses."""

import json
import re
from collections.abc import Iterable, Sequence

from bridge.verification.encodings import encode_digest, key_from_secret, utf8
from bridge.verification.extractors import parse_extractor, value
from bridge.verification.handshakes import Handshake, HandshakeResponse
from bridge.verification.mac import digest
from bridge.verification.provider_response import ProviderResponse
from bridge.verification.token import is_one_of
from bridge.webhook import Webhook

# Challenges are shorter, and headers of more than 8 kB do not arrive.
_MAX_ECHO_LENGTH = 4_096
_TOKEN = re.compile(r"\{([^{}]*)\}")
_MAC = "mac:"
_KEYED = "{" + _MAC


def matching_handshake(
    handshakes: Iterable[Handshake], webhook: Webhook, *, signed: bool
) -> Handshake | None:
    """The first of the signed or unsigned handshakes whose conditions the request meets.

    Handshakes with a published key are neither; see `meets_conditions`.
    """
    candidates = (each for each in handshakes if each.signed is signed and not each.published_key)
    return next((each for each in candidates if meets_conditions(each, webhook)), None)


def meets_conditions(handshake: Handshake, webhook: Webhook) -> bool:
    """Whether the request meets all conditions of a handshake."""
    return all(_holds(condition, webhook) for condition in handshake.when)


def has_valid_token(handshake: Handshake, webhook: Webhook, secrets: Sequence[str]) -> bool:
    """Whether the request has a secret where the handshake requires one."""
    keys = [utf8(secret) for secret in secrets if secret]
    return is_one_of(value(webhook, handshake.token), keys)


def build_response(
    handshake: Handshake, webhook: Webhook, secrets: Sequence[str]
) -> ProviderResponse | None:
    """The response; None when a value to return is missing or out of bounds.

    Args:
        handshake: the one that matches the request.
        webhook: the request.
        secrets: the first one is the key of `{mac:…}`.
    """
    try:
        return _fill(handshake, webhook, secrets)
    except LookupError:
        return None


def is_keyed(handshake: Handshake) -> bool:
    """Whether the response contains a keyed hash."""
    response = handshake.answer
    return any(_KEYED in text for text in (response.text, *response.fields, *response.headers))


def signs_content(handshake: Handshake, content: bytes) -> bool:
    """Whether a response of the handshake can contain the keyed hash of this content."""
    if not is_keyed(handshake):
        return False
    try:
        text = content.decode(errors="surrogatepass")
    except UnicodeDecodeError:
        return False
    return re.fullmatch(handshake.pattern, text) is not None


def refusal(handshake: Handshake) -> ProviderResponse:
    """The response to a handshake with another secret."""
    return ProviderResponse(handshake.refusal, {}, "")


def static_response(response: HandshakeResponse) -> ProviderResponse:
    """A response without values of the request."""
    return ProviderResponse(response.status, _content_type(response), response.body)


def check_template(template: str) -> None:
    """Check the extractors of a template. Raises ValueError."""
    for token in _TOKEN.findall(template):
        parse_extractor(token.removeprefix(_MAC))


def _fill(handshake: Handshake, webhook: Webhook, secrets: Sequence[str]) -> ProviderResponse:
    def fill(template: str) -> str:
        return _TOKEN.sub(
            lambda found: _token_value(found[1], handshake, webhook, secrets), template
        )

    def pairs(templates: Iterable[str]) -> dict[str, str]:
        return {name: fill(text) for name, _, text in (each.partition("=") for each in templates)}

    response = handshake.answer
    body = response.body
    if response.text:
        body = fill(response.text)
    elif response.fields:
        body = json.dumps(pairs(response.fields), separators=(",", ":"))
    headers = pairs(response.headers)
    if not all(text.isascii() and text.isprintable() for text in headers.values()):
        raise LookupError("headers must be printable ASCII")
    return ProviderResponse(response.status, _content_type(response) | headers, body)


def _token_value(token: str, handshake: Handshake, webhook: Webhook, secrets: Sequence[str]) -> str:
    """The value of a token. Raises LookupError when it is missing or out of bounds."""
    found = value(webhook, token.removeprefix(_MAC))
    if not found or len(found) > _MAX_ECHO_LENGTH:
        raise LookupError(token)
    if handshake.pattern and not re.fullmatch(handshake.pattern, found):
        raise LookupError(token)
    if not token.startswith(_MAC):
        return found
    key = key_from_secret(next(iter(secrets), ""), handshake.key)
    if not key or not any(secrets):
        raise LookupError("there is no secret")
    return encode_digest(digest(handshake.algorithm, key, utf8(found)), handshake.encoding).decode()


def _content_type(response: HandshakeResponse) -> dict[str, str]:
    if not response.content_type:
        return {}
    # A challenge is unauthenticated text on our domain: browsers must not render it as HTML.
    return {"Content-Type": response.content_type, "X-Content-Type-Options": "nosniff"}


def _holds(condition: str, webhook: Webhook) -> bool:
    extractor, equals, wanted = condition.partition("=")
    found = value(webhook, extractor)
    return found == wanted if equals else bool(found)
