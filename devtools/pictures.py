"""Take the README's pictures: the inspector of a real local cloud, in light and dark.

`make pictures` runs it. Chromium has to be installed.
"""

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, Literal, cast

from playwright.sync_api import Page, ViewportSize, sync_playwright

from inlet_bridge.local.workspace import ROOT

IMAGES: Final = ROOT / "docs" / "images"
MOST_BYTES: Final = 200_000
_URL: Final = re.compile(r"http://\S+/sign-in\?token=\S+")
_RUNNING: Final = "Everything keeps running"
_SIZE: Final[ViewportSize] = {"width": 1200, "height": 640}
_SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
_TIMEOUT_MILLISECONDS: Final = 120_000


@contextmanager
def _inspector() -> Iterator[str]:
    """The URL of the inspector of a local cloud that has sent its webhooks."""
    inlet = Path(sys.executable).with_name("inlet")
    ports = (f"--{name}=0" for name in ("port", "adobe-port", "inspector-port"))
    command = ["env", "--default-signal=INT", str(inlet), "up", "--keep", *ports]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    ) as process:
        output = cast("IO[str]", process.stdout)
        try:
            yield _address(output)
        finally:
            process.send_signal(signal.SIGINT)
            output.read()


def _address(output: IO[str]) -> str:
    """The URL, once everything runs. Raises RuntimeError if it ends before."""
    url, lines = "", []
    for line in output:
        lines.append(line)
        if found := _URL.search(line):
            url = found[0]
        if _RUNNING in line and url:
            return url
    raise RuntimeError("".join(["the local cloud ended:\n", *lines]))


def _take(page: Page, name: str) -> None:
    """Write the pictures of what is shown. Raises ValueError if one is too large."""
    for scheme in _SCHEMES:
        page.emulate_media(color_scheme=scheme)
        path = IMAGES / f"{name}-{scheme}.png"
        page.screenshot(path=path, animations="disabled")
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(f"{path} has more than {MOST_BYTES:,} bytes")
        print(path.relative_to(ROOT))


def take_pictures() -> None:
    """Take all pictures."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with _inspector() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_context(viewport=_SIZE).new_page()
        page.set_default_timeout(_TIMEOUT_MILLISECONDS)
        page.goto(url)
        rows = page.get_by_role("row").filter(has_text="delivered")
        rows.first.wait_for()
        _take(page, "webhooks")
        page.goto(page.url.partition("?")[0] + "?state=delivered")
        page.get_by_role("row").nth(1).get_by_role("link").click()
        page.get_by_role("heading", name="What became of it").wait_for()
        _take(page, "webhook")
        page.get_by_role("link", name="Overview").click()
        page.get_by_role("heading", name="Overview").wait_for()
        _take(page, "overview")
        browser.close()


if __name__ == "__main__":
    take_pictures()
