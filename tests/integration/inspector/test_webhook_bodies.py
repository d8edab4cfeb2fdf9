"""The body and the headers of a webhook in the inspector."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bridge.sources.route import Privacy
from tests.support.inspecting import opened
from tests.support.kept_webhooks import Inspected
from tests.support.webhook_page import page


@pytest.fixture
def browser(cloud: Inspected, tmp_path: Path) -> TestClient:
    return opened(tmp_path)


def test_webhook_without_a_kept_body_says_so(cloud: Inspected, browser: TestClient) -> None:
    cloud.configure(keep_bodies=0)
    cloud.receive("d-1", is_kept=False)

    text = page(browser, "d-1")

    assert "bodies are not kept: set KeepBodies" in text
    assert "It cannot be computed" in text
    assert "curl" not in text


def test_what_todays_privacy_redacts_is_not_shown(cloud: Inspected, browser: TestClient) -> None:
    """Also if it was stored before Privacy was set, or was changed."""
    secret = "SUPERSECRET"
    cloud.configure(routes=cloud.unmapped)
    cloud.receive("d-1", body=b'{"email": "SUPERSECRET", "name": "n"}')
    cloud.receive("d-2", body=b'{"email": "SUPERSECRET", "name": "***"}', kind="document")
    assert secret in page(browser, "d-1")
    assert secret in page(browser, "d-2")

    for privacy in (
        Privacy(mask=("email",)),
        Privacy(drop=("email",)),
        Privacy(hash=("email",)),
    ):
        cloud.configure(routes=cloud.unmapped, privacy=privacy)
        for name in ("d-1", "d-2"):
            text = page(browser, name)
            assert secret not in text
            assert "name" in text


def test_body_that_cannot_be_redacted_is_not_shown(cloud: Inspected, browser: TestClient) -> None:
    cloud.receive("d-1", body=b'{"email": "SUPERSECRET"', kind="received")
    cloud.configure(privacy=Privacy(mask=("email",)))

    text = page(browser, "d-1")

    assert "SUPERSECRET" not in text
    assert "Privacy cannot be applied" in text


def test_body_of_a_deleted_source_is_not_shown(cloud: Inspected, browser: TestClient) -> None:
    cloud.receive("d-1", source="gone", body=b'{"email": "SUPERSECRET"}')

    text = page(browser, "d-1", "gone")

    assert "SUPERSECRET" not in text
    assert "its Privacy is unknown" in text


def test_headers_that_authenticate_are_masked(cloud: Inspected, browser: TestClient) -> None:
    headers = {"x-kind": "push", "authorization": "SECRET1", "x-it-signature": "SECRET2"}
    cloud.receive("d-1", headers=headers, query={"token": "SECRET3", "page": "7"})

    text = page(browser, "d-1")

    assert "SECRET" not in text
    assert "push" in text
    assert "?page" in text


def test_large_body_is_truncated_with_its_size(cloud: Inspected, browser: TestClient) -> None:
    body = b'{"a": "' + b"x" * 200_000 + b'"}'
    cloud.configure(routes=cloud.unmapped)
    cloud.receive("d-1", body=body)

    text = page(browser, "d-1")

    assert f"{len(body):,} bytes; only the beginning is shown" in text
    assert len(text) < 400_000
