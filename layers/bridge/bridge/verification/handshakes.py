"""Handshakes: requests of a provider that expect a specific response, such as a challenge."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from bridge.verification.scheme_parameters import Algorithm, KeyEncoding, SignatureEncoding


class HandshakeResponse(NamedTuple):
    """The response that the provider expects.

    Templates contain extractors in braces, `{query:challenge}`, or `{mac:EXTRACTOR}`: the keyed
    hash of the value. There is no response if a value is empty.

    Attributes:
        body: literal text.
        text: a template, replaces `body`.
        fields: `name=template` members of a JSON object, which replaces `body`.
        headers: `name=template`.
    """

    status: int = 200
    content_type: str = ""
    body: str = ""
    text: str = ""
    fields: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()


class Handshake(NamedTuple):
    """One kind of handshake; the request gets a response and is never forwarded.

    Attributes:
        when: conditions that must all hold: `extractor` is not empty, `extractor=value` has that
            value, `extractor=` is empty.
        signed: the provider signs the request, so it is verified first.
        published_key: the provider signs the request with this key, which its documentation
            publishes, instead of the secret. Everybody knows it, so it proves nothing.
        token: extractor of a secret, where the provider does not sign the request.
        refusal: the status for another secret.
        pattern: returned values must match it. It is required with `{mac:…}`, and must not match
            what a webhook signs: the response would contain the webhook's signature.
        confirm: extractor of a URL that is fetched before the response. With `signed: False`,
            `allow` must be exact; see `address_rules.is_exact_address`.
        allow: a pattern that the whole URL must match.
        capture: extractor of the secret, which is stored while the registration is pending.
        algorithm, key, encoding: of `{mac:…}`.
    """

    when: tuple[str, ...]
    answer: HandshakeResponse = HandshakeResponse()
    signed: bool = True
    published_key: str = ""
    token: str = ""
    refusal: int = 401
    pattern: str = ""
    confirm: str = ""
    allow: str = ""
    capture: str = ""
    algorithm: Algorithm = "hmac-sha256"
    key: KeyEncoding = "utf8"
    encoding: SignatureEncoding = "hex"


def handshake_from_document(document: Mapping[str, Any]) -> Handshake:
    """Read the document of a handshake, see `parameter_json.document_of`."""
    response = response_from_document(document.get("answer", {}))
    return Handshake(**{**document, "when": tuple(document["when"]), "answer": response})


def response_from_document(document: Mapping[str, Any]) -> HandshakeResponse:
    """Read the document of a response, see `parameter_json.document_of`."""
    lists = {name: tuple(document[name]) for name in ("fields", "headers") if name in document}
    return HandshakeResponse(**{**document, **lists})
