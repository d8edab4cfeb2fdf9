"""Logs that cannot be read are explained on the list of webhooks."""

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.inspecting import opened
from tests.support.logged_webhooks import LoggedWebhooks

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
