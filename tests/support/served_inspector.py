"""An inspector that serves a real browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page

from inlet_bridge.inspector.inspector import Inspector
from inlet_bridge.inspector.security.action_log import ActionLog
from inlet_bridge.inspector.server import InspectorServer
from inlet_bridge.operations.deployed import Deployed
from tests.support.moto_deployment import STACK
from tests.support.page_watch import PageWatch
from tests.support.sam_template import ROOT
from tests.support.waiting import MAX_SECONDS


@dataclass(frozen=True)
class Served:
    """A running inspector.

    Attributes:
        url: signs the first browser in.
        actions: the file in which actions are recorded.
        reads: the stacks that pages have read, each time.
    """

    url: str
    actions: Path
    reads: list[str]

    @property
    def origin(self) -> str:
        return f"http://{urlsplit(self.url).netloc}"

    @contextmanager
    def signed_in(self, browser: Browser, **options: object) -> Iterator["Visit"]:
        """A browser that has signed in and sees the first page; checks what its pages did."""
        context = browser.new_context(base_url=self.origin, **options)  # type: ignore[arg-type]
        context.set_default_timeout(MAX_SECONDS * 1_000)
        watch = PageWatch(self.origin)
        watch.follow(context)
        try:
            page = context.new_page()
            page.goto(self.url)
            yield Visit(context, page, watch)
            watch.check()
        finally:
            context.close()


@dataclass(frozen=True)
class Visit:
    """A signed-in browser."""

    context: BrowserContext
    page: Page
    watch: PageWatch


@contextmanager
def served(
    folder: Path,
    *,
    stack: str = STACK,
    actions_allowed: bool = False,
    sources_file: Path = ROOT / "sources.yaml",
) -> Iterator[Served]:
    """Serve until the block ends; `folder` is for the log of actions."""
    actions = folder / "actions.jsonl"
    reads: list[str] = []

    def deployed(name: str) -> Deployed:
        reads.append(name)
        return Deployed(name)

    inspector = Inspector(
        stack=stack,
        is_local=False,
        actions_allowed=actions_allowed,
        sources_file=sources_file,
        deployed=deployed,
        actions=ActionLog(actions, "arn:aws:iam::123456789012:user/operator"),
    )
    server = InspectorServer(inspector, 0)
    with server.in_background():
        yield Served(server.url, actions, reads)
