"""The sites of providers, in memory."""

import json
from dataclasses import dataclass, field

from bridge.errors import InvalidSignatureError, UnavailableError


@dataclass
class FakePublishedKeys:
    """Documents by address; `asked` keeps what was asked for, and with what.

    Attributes:
        requested: documents by address and a value of the posted JSON; they precede `pages`.
    """

    pages: dict[str, bytes] = field(default_factory=dict)
    trusted: bytes = b""
    down: bool = False
    asked: list[tuple[str, bytes]] = field(default_factory=list)
    requested: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def get(self, url: str, *, posted: bytes = b"", renew: bool = False) -> bytes:
        self.asked.append((url, posted))
        if self.down:
            raise UnavailableError("the key cannot be fetched: pretended")
        for (address, value), page in self.requested.items():
            if address == url and value in json.loads(posted or b"{}").values():
                return page
        if url not in self.pages:
            raise InvalidSignatureError("there is no key: pretended")
        return self.pages[url]

    def authorities(self) -> bytes:
        return self.trusted


@dataclass
class FakeProviderSites(FakePublishedKeys):
    """Provider sites; `opened` records the confirmation URLs."""

    opened: list[str] = field(default_factory=list)
    askers: list[tuple[str, str]] = field(default_factory=list)

    def for_request(self, source: str, address: str) -> "FakeProviderSites":
        self.askers.append((source, address))
        return self

    def open(self, url: str) -> None:
        if self.down:
            raise UnavailableError("the address cannot be opened: pretended")
        self.opened.append(url)
