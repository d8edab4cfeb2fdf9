"""An installation that stores each form of everything."""

from datetime import UTC, datetime
from typing import Any, Final

from tests.compatibility.history import connections, requests, sources, webhooks
from tests.compatibility.installation import Installation

BEGIN: Final = datetime(2026, 11, 20, 8, tzinfo=UTC)


def use(installation: Installation) -> list[dict[str, Any]]:
    """Use every feature; return the accepted webhooks with the first response to each."""
    connections.create_connections(installation)
    sources.create_sources(installation)
    connections.replace_connection(installation)
    connections.interrupt(installation)
    sources.create(installation, "moved", sources.MOVED)
    webhooks.expire(installation)
    answered = _first(installation)
    webhooks.keep_and_reject(installation)
    webhooks.drop_failed(installation)
    webhooks.replay(installation)
    webhooks.dead_letter(installation)
    installation.command("pause", "paused")
    installation.command("pause", "--connection", "adopted")
    installation.command("pause", "moved")
    installation.command("resume", "moved")
    webhooks.buffer(installation)
    webhooks.erase(installation)
    webhooks.kill(installation)
    webhooks.send_events(installation)
    installation.pass_time(minutes=5)
    return answered


def requests_to_send(answered: list[dict[str, Any]]) -> dict[str, Any]:
    """Webhooks for later versions, signed at this time: known ones and new ones."""
    known = {each["source"]: each["answer"] for each in answered}
    again = webhooks.first_webhooks()
    del again["content"]  # Equal content is a new webhook after ten minutes.
    return {
        "repeated": [
            {"source": name, "event": event, "answer": known[name]} for name, event in again.items()
        ],
        "new": [{"source": name, "event": event} for name, event in _new().items()],
    }


def _new() -> dict[str, dict[str, Any]]:
    numbered = {
        name: requests.plain(name, f"{name}-5")
        for name in ("private", "paused", "raw", "moved", "adopted", "alone", "checked", "unrouted")
    }
    return {
        **requests.preset_requests(5),
        **numbered,
        "forms": requests.form("form-5"),
        "compressed": requests.compressed("compressed-5"),
        "partial": requests.partial("partial-5"),
        "url": requests.signed_url("url-5"),
        "split": requests.split("split-5"),
        "asana": requests.registered(5),
        "stripe": requests.subscribed(5),
    }


def _first(installation: Installation) -> list[dict[str, Any]]:
    answered = []
    for name, event in webhooks.first_webhooks().items():
        response = installation.cloud.receive(event)
        assert response.status in {200, 201, 202, 204}, (name, response)
        answer = {"status": response.status, "body": response.body}
        answered.append({"source": name, "answer": answer})
    return answered
