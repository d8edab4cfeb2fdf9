"""Logs that cannot be read are explained on the list of webhooks; long texts are cut."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.inspecting import opened
from tests.support.logged_webhooks import RECEIVER, LoggedWebhooks, refused

PAGE = "/stacks/inlet-bridge-dev/webhooks"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("AccessDeniedException", "has the permissions"),
        ("ThrottlingException", "again in a minute"),
        ("ResourceNotFoundException", "A resource of the stack was deleted"),
    ],
)
def test_logs_that_cannot_be_read_are_explained(
    code: str, words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    webhooks = LoggedWebhooks()

    def fail(**_: Any) -> Any:
        raise ClientError({"Error": {"Code": code, "Message": "<b>"}}, "FilterLogEvents")

    monkeypatch.setattr(webhooks.logs, "filter_log_events", fail)

    response = opened(tmp_path, deployed=lambda _: webhooks.deployed).get(PAGE)

    assert response.status_code == 502
    assert code in response.text
    assert words in response.text
    assert ("permissions" in response.text) is (code == "AccessDeniedException")


def test_a_long_reason_is_shown_by_its_beginning(tmp_path: Path) -> None:
    webhooks = LoggedWebhooks()
    line = refused("r-1", reason="expected an integer, " + "and " * 50_000)
    webhooks.logs.log(RECEIVER, datetime.now(UTC) - timedelta(seconds=5), line)
    webhooks.logs.log(RECEIVER, datetime.now(UTC) - timedelta(seconds=4), refused("i" * 2_000))

    text = opened(tmp_path, deployed=lambda _: webhooks.deployed).get(PAGE).text

    assert "expected an integer, and and" in text
    assert f"{'i' * 400}" in text
    assert f"/refusals/{'i' * 2_000}" in text  # The link has all of it.
    assert len(text) < 20_000
