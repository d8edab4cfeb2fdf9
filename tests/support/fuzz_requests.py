"""Generate hostile requests from a seed; Hypothesis would take longer than the bridge."""

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import quote_plus

from bridge.webhook import Webhook

# Never generated, so that no request contains a secret.
PRIVATE = "\N{SNOWMAN}"
_CHARACTERS = "abcXYZ019 \t\r\n,;=|&.:/+-_\"'%{}[]\\\x00\x7fé\xa0\ud800\udfff１🎉"  # noqa: RUF001
_PIECES = ["t", "v1", "v1a", "ts", "h1", "sha256", "sha1", "v0", "=", ",", ";", " ", "|", "&"]
_VALUES = [
    "1767270600",
    "1767270600000",
    "2026-01-01T12:30:00Z",
    "9" * 5_000,
    "-1",
    "NaN",
    "Basic dTpw",
    "https://sns.eu-west-1.amazonaws.com/x.pem",
    "https://[",
    "/%00.pem",
    "x-contentful-signed-headers,x-contentful-timestamp",
]
_NAMES = [
    "signature",
    "timestamp",
    "token",
    "value",
    "clientState",
    "webhookTimestamp",
    "Type",
    "SignatureVersion",
    "SigningCertURL",
    "notificationItems",
    "recipient_client_id",
    "keys",
    "key",
    "kid",
    "alg",
    "exp",
    "iat",
    "x5c",
    "crit",
    "b64",
]
_WORDS = ["RS256", "HS256", "none", "ES256", "key-1", "Notification", "2", "client-1"]
_HOSTILE = [
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b"9" * 5_000,
    b"\xff\xfe[\x00",
    b"",
    b"a=&" * 10_000,
    b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
]


@dataclass
class RequestFuzzer:
    """Generates unauthenticated requests."""

    random: Random

    def any_of[Thing](self, things: Sequence[Thing]) -> Thing:
        """A random item."""
        return self.random.choice(things)

    def maybe(self) -> bool:
        """True with a probability of one half."""
        return self.random.random() < 0.5

    def text(self) -> str:
        """A short text of unusual characters."""
        return "".join(self.random.choices(_CHARACTERS, k=self.random.randrange(12)))

    def secrets(self) -> list[str]:
        """Secrets that no generated request contains."""
        return [PRIVATE + self.text() for _ in range(self.random.randrange(3))]

    def value(self) -> str:
        """A value of a header."""
        match self.random.randrange(6):
            case 0:
                return self.text()
            case 1:
                return self.any_of(_VALUES)
            case 2:
                return "".join(self.random.choices([*_PIECES, *_VALUES], k=6))
            case 3:
                return b64encode(self.random.randbytes(self.random.randrange(70))).decode()
            case 4:
                return self.random.randbytes(self.random.randrange(70)).hex()
            case _:
                return self.any_of(["", "Bearer ", "bearer "]) + self.token()

    def token(self) -> str:
        """A text similar to a JSON Web Token."""
        parts = [json.dumps(self.document(2)).encode() for _ in range(self.random.randrange(1, 5))]
        return ".".join(urlsafe_b64encode(part).decode().rstrip("=") for part in parts)

    def document(self, depth: int = 3) -> Any:
        """A document similar to those of providers."""
        if depth and self.maybe():
            names = self.random.sample(_NAMES, self.random.randrange(6))
            return {name: self.document(depth - 1) for name in names}
        if depth and self.maybe():
            return [self.document(depth - 1) for _ in range(self.random.randrange(3))]
        odd: list[Any] = [None, True, False, [], {}, 1.5, 10**400, float("nan"), -1]
        leaves = (self.text(), self.any_of(odd), self.random.randrange(10**12))
        return self.any_of([*leaves, self.any_of(_VALUES), self.any_of(_WORDS)])

    def body(self) -> bytes:
        """A body of any format."""
        match self.random.randrange(6):
            case 0:
                return self.random.randbytes(self.random.randrange(60))
            case 1:
                return self.any_of(_HOSTILE) if self.random.random() < 0.1 else b"{}"
            case 2:
                fields = [(self.any_of(_NAMES), self.text()) for _ in range(4)]
                form = (f"{name}={quote_plus(text, errors='replace')}" for name, text in fields)
                return "&".join(form).encode()
            case 3:
                return b"<a><b c='d'>" + self.random.randbytes(4) + b"</b></a>"
            case _:
                return json.dumps(self.document()).encode()

    def webhook(self, genuine: Webhook, signature_headers: Collection[str]) -> Webhook:
        """A request with some headers of a genuine one, but without a valid signature."""
        headers = {}
        for name, text in genuine.headers.items():
            match self.random.randrange(4):
                case 0:
                    headers[name] = self.value()
                case 1:
                    headers[name] = text
                case 2:
                    headers[name] = self.corrupted(text)
        kept = all(headers.get(name) == genuine.headers[name] for name in signature_headers)
        body = self.body() if kept or self.maybe() else genuine.body
        url = genuine.url if self.maybe() else f"https://x{self.text()}"
        return Webhook(self.any_of(["POST", "GET", "PUT"]), url, headers, body)

    def corrupted(self, text: str) -> str:
        """The text with one character replaced."""
        if not text:
            return self.any_of(_CHARACTERS)
        at = self.random.randrange(len(text))
        return text[:at] + self.any_of(_CHARACTERS.replace(text[at], "")) + text[at + 1 :]
