"""The emulated Adobe as a process of its own."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from adobe_emulator.server import listening, url_of
from adobe_emulator.settings import EVENTS_DATASET_ID
from tests.support.adobe_client import SECONDS
from tests.support.waiting import eventually

DATASET = "0123456789abcdef01234567=https://ns.adobe.com/acme/schemas/1"


@contextmanager
def running(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "adobe_emulator", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline()
        finally:
            process.kill()


def test_it_says_what_it_is_and_where_it_listens() -> None:
    with running("--org", "X@AdobeOrg", "--settle-seconds", "1.5") as (process, line):
        match = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert match is not None
        state = requests.get(f"{match[0]}/_emulator/state", timeout=SECONDS).json()
        process.send_signal(signal.SIGTERM)
        ended = process.wait(SECONDS)

    assert "X@AdobeOrg" in line
    assert "Emulated Adobe" in line
    assert state["settleSeconds"] == 1.5
    assert ended in {-signal.SIGTERM, 128 + signal.SIGTERM}


def test_credentials_and_datasets_are_its_options() -> None:
    options = ("--client-id", "me", "--client-secret", "s&+%", "--dataset", DATASET)
    with running(*options) as (_, line):
        match = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert match is not None
        form = {
            "grant_type": "client_credentials",
            "client_id": "me",
            "client_secret": "s&+%",
            "scope": "openid",
        }
        answer = requests.post(f"{match[0]}/ims/token/v3", form, timeout=SECONDS)

    assert answer.status_code == 200


def test_time_of_batches_is_an_option() -> None:
    options = ("--batch-seconds", "0", "--batch-delay-seconds", "0", "--separate-failures")
    with running(*options, "--failed-record-form", "text", "--sync-validation") as (_, line):
        match = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert match is not None
        records = {"dataset": EVENTS_DATASET_ID, "records": [{"_id": "a"}]}
        url = f"{match[0]}/_emulator/lake"
        requests.post(f"{url}/records", json=records, timeout=SECONDS).raise_for_status()

        def failed() -> int:
            counts = requests.get(url, timeout=SECONDS).json()["datasets"]
            return int(counts[EVENTS_DATASET_ID]["failed"])

        assert eventually(lambda: failed() == 1)


@pytest.mark.parametrize("option", ["x", "0123=https://a", "0123456789abcdef01234567=no-url"])
def test_dataset_that_cannot_be_one_is_rejected(option: str) -> None:
    command = [sys.executable, "-m", "adobe_emulator", "--dataset", option]
    done = subprocess.run(  # noqa: S603 - our own module
        command, capture_output=True, text=True, timeout=SECONDS, check=False
    )

    assert done.returncode == 2
    assert "24 hexadecimal digits" in done.stderr
    assert "Traceback" not in done.stderr


def test_taken_port_is_one_clear_sentence() -> None:
    with listening() as bound:
        port = url_of(bound).rpartition(":")[2]
        done = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", "adobe_emulator", "--port", port],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    assert done.returncode == 2
    assert "already in use" in done.stderr
    assert "Traceback" not in done.stderr
