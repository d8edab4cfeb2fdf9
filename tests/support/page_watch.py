"""Record what pages do, so that a test sees when something of theirs runs or is sent elsewhere."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Request, WebError


@dataclass
class PageWatch:
    """All requests, messages and dialogs of the pages of one browser context.

    Attributes:
        origin: the only one to which requests may go.
        requests: the URL of each, with its method.
        elsewhere: those to other origins.
        messages: of the console from warnings on, among them violations of the CSP, uncaught
            exceptions and dialogs.
    """

    origin: str
    requests: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def follow(self, context: BrowserContext) -> None:
        """Begin to record."""
        context.on("request", self._requested)
        context.on("console", self._said)
        context.on("dialog", self._asked)
        context.on("weberror", self._raised)

    def check(self, status: int = 200) -> None:
        """Assert that nothing unexpected ran, and that nothing was sent elsewhere.

        Args:
            status: of the pages since the last check. The browser reports an error's.
        """
        assert self.elsewhere == []
        assert [each for each in self.messages if f"with a status of {status} " not in each] == []
        self.messages.clear()

    def _requested(self, request: Request) -> None:
        url = urlsplit(request.url)
        self.requests.append(f"{request.method} {request.url}")
        if f"{url.scheme}://{url.netloc}" != self.origin:
            self.elsewhere.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type not in {"log", "info", "debug"}:
            self.messages.append(f"{message.type}: {message.text}")

    def _asked(self, dialog: Dialog) -> None:
        self.messages.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _raised(self, error: WebError) -> None:
        self.messages.append(f"exception: {error.error}")
