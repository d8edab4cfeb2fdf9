"""The sites of providers with pages in memory."""

from dataclasses import dataclass, field

from bridge.adapters.http.provider_sites import HttpsSites
from bridge.adapters.http.public_https import Page, PublicHttps
from tests.support.fakes import FakeClock

URL = "https://keys.example.com/a.pem"


@dataclass
class FakeHttps(PublicHttps):
    """Returns one response to every request."""

    page: Page = field(default_factory=lambda: Page(200, b"key"))
    asked: list[tuple[str, bytes, float]] = field(default_factory=list)

    def request(self, url: str, posted: bytes, seconds: float) -> Page:
        self.asked.append((url, posted, seconds))
        return self.page


def sites(remaining: float = 10) -> tuple[HttpsSites, FakeHttps, FakeClock]:
    clock, https = FakeClock(), FakeHttps()
    return HttpsSites(clock, lambda: remaining, https), https, clock
