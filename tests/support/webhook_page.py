"""The page of a webhook."""

from urllib.parse import quote

from starlette.testclient import TestClient


def page(browser: TestClient, delivery_id: str, source: str = "github", status: int = 200) -> str:
    """The page of a delivery as text."""
    path = f"/stacks/inlet-bridge-dev/webhooks/{source}/{quote(delivery_id, safe='')}"
    response = browser.get(path)
    assert response.status_code == status, response.text
    return response.text
