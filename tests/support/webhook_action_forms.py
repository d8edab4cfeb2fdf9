"""The forms of the actions on a webhook."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from inlet_bridge.inspector.web.addresses import webhook_path
from tests.support.moto_deployment import STACK


def form(browser: TestClient, action: str, delivery_id: str) -> dict[str, str]:
    """The fields of the page that asks before an action."""
    text = browser.get(webhook_path(STACK, "github", delivery_id, confirm=action)).text
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', text)
    return {name: unescape(value) for name, value in fields}


def post(browser: TestClient, delivery_id: str, fields: dict[str, str]) -> str:
    """What the page says after the action."""
    response = browser.post(webhook_path(STACK, "github", delivery_id), data=fields)
    assert response.status_code == 303, response.text
    text = browser.get(response.headers["location"]).text
    [notice] = re.findall(r'<p class="notice [^"]*" role="status">(.*?)</p>', text, re.DOTALL)
    return unescape(notice)


def act(browser: TestClient, action: str, delivery_id: str) -> str:
    return post(browser, delivery_id, form(browser, action, delivery_id))


def recorded(folder: Path) -> list[dict[str, Any]]:
    file = folder / "actions.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
