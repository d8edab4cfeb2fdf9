"""Chromium of the machine, for tests in a real browser."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest
from playwright.sync_api import Browser, sync_playwright

REBOUND: Final = "evil.example"
"""A host name that resolves to 127.0.0.1."""

_MISSING: Final = "there is no Chromium; `make browser` installs Debian's"
# No other name resolves: a page that loads something from elsewhere fails, on any network.
_RESOLVER: Final = (
    f"--host-resolver-rules=MAP {REBOUND} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1,"
    " EXCLUDE localhost"
)


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser until the block ends. Skips the test without Chromium; with CI set, fails it.

    Playwright's event loop belongs to this thread meanwhile, so that nothing else can call
    `asyncio.run` in it.
    """
    path = shutil.which("chromium")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(_MISSING)
        pytest.skip(_MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[_RESOLVER])
        try:
            yield browser
        finally:
            browser.close()
