"""What a provider asks before it sends, or now and then: data that a source document carries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bridge.verification.schemes import Algorithm, KeyEncoding, SignatureEncoding


@dataclass(frozen=True, slots=True)
class HandshakeResponse:
    """What the provider wants to read.

    Templates hold places in braces, `{query:challenge}`, or `{mac:PLACE}`: the value there,
    keyed with a secret. Nothing is answered where a place is empty.

    Attributes:
        body: as it is.
        text: a template, in the place of `body`.
        fields: `name=template`, of a JSON object in the place of `body`.
        headers: `name=template`.
    """

    status: int = 200
    content_type: str = ""
    body: str = ""
    text: str = ""
    fields: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Handshake:
    """One question of a provider; it is answered and never forwarded.

    Attributes:
        when: all have to hold: `place` holds something, `place=value` holds that, `place=`
            holds nothing.
        signed: the provider signs the question, so it is answered only after verification.
        token: place that has to show a secret, where the provider does not sign.
        refusal: the status for one that shows another.
        pattern: what is given back has to match it. Beside `{mac:…}` it is required, and must not
            match what a webhook signs: the answer would be a webhook's signature.
        confirm: place of an address that is opened before the answer.
        allow: a pattern that the whole address must match.
        capture: place of the secret, which is stored while the registration is pending.
        algorithm, key, encoding: of `{mac:…}`.
    """

    when: tuple[str, ...]
    answer: HandshakeResponse = HandshakeResponse()
    signed: bool = True
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
    """Read what `dataclasses.asdict` and JSON made of a handshake."""
    answer = answer_from_document(document.get("answer", {}))
    return Handshake(**{**document, "when": tuple(document["when"]), "answer": answer})


def answer_from_document(document: Mapping[str, Any]) -> HandshakeResponse:
    """Read what `dataclasses.asdict` and JSON made of an answer."""
    lists = {name: tuple(document[name]) for name in ("fields", "headers") if name in document}
    return HandshakeResponse(**{**document, **lists})
