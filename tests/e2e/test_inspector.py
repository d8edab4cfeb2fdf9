"""The inspector of a running local cloud shows what `inlet send` sends, without a reload."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from inlet_bridge.local.parameters import Parameters
from inlet_bridge.local.running_cloud import running_cloud
from inlet_bridge.local.stack import STAGE
from inlet_bridge.local.workspace import LOCAL, ROOT
from tests.support.chromium import launched
from tests.support.page_watch import PageWatch
from tests.support.waiting import MAX_SECONDS

INLET = str(Path(sys.executable).with_name("inlet"))
ADDRESSES = re.compile(r"http://\S+(?:/sign-in\?token=\S+|/webhooks/github\b)")


@dataclass(frozen=True)
class Running:
    """A local cloud.

    Attributes:
        inspector: the URL that signs in.
        webhooks: that of the source github.
    """

    inspector: str
    webhooks: str
    secret: Path

    def send(self, secret: Path) -> None:
        """Send a webhook of GitHub; one that is refused is no failure."""
        arguments = ["send", "github", "push", "--to", self.webhooks, "--secret-file", str(secret)]
        subprocess.run([INLET, *arguments], cwd=ROOT, check=False, capture_output=True)  # noqa: S603


@pytest.fixture
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def running(browser: Browser, tmp_path: Path) -> Iterator[Running]:
    ports = (f"--{name}=0" for name in ("port", "adobe-port", "inspector-port"))
    command = ["env", "--default-signal=INT", INLET, "up", "--keep", *ports]
    with subprocess.Popen(  # noqa: S603
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    ) as process:
        assert process.stdout
        found: list[str] = []
        for line in process.stdout:
            found += ADDRESSES.findall(line)
            if "Everything keeps running" in line:
                break
        secret = tmp_path / "secret"
        cloud = running_cloud(LOCAL / "runs", process.pid)
        secret.write_text(Parameters(cloud, STAGE).secret("github"))
        try:
            webhooks = next(each for each in found if each.endswith("/webhooks/github"))
            yield Running(found[0], webhooks, secret)
        finally:
            process.send_signal(signal.SIGINT)
            process.stdout.read()
    assert process.returncode == 0


def test_sent_and_refused_webhooks_appear(
    browser: Browser, running: Running, tmp_path: Path
) -> None:
    origin = running.inspector.partition("/sign-in")[0]
    page = browser.new_page()
    watch = PageWatch(origin)
    watch.follow(page.context)
    page.goto(running.inspector)
    page.evaluate("window.isTheFirst = true")
    refused = page.get_by_role("row").filter(has_text="refused")
    delivered = page.get_by_role("row").filter(has_text="delivered")
    expect(delivered.first).to_be_visible()
    before = delivered.count(), refused.count()

    running.send(running.secret)
    expect(delivered).to_have_count(before[0] + 1, timeout=MAX_SECONDS * 1_000)
    wrong = tmp_path / "wrong"
    wrong.write_text("not the secret")
    running.send(wrong)
    expect(refused).to_have_count(before[1] + 1, timeout=MAX_SECONDS * 1_000)

    expect(refused.first).to_contain_text("401")
    expect(refused.first).to_contain_text("signature")
    assert page.evaluate("window.isTheFirst")
    watch.check()
