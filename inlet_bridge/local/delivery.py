"""Send webhooks to the deployed URL and read the responses."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import requests

from bridge.version import USER_AGENT
from inlet_bridge.local.scenario import Webhook

_TIMEOUT_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """A sent webhook and its response.

    Attributes:
        body: as it was sent.
        sent_at, answered_at: aware times.
        answer: the response's JSON object; empty if the body is something else.
    """

    webhook: Webhook
    body: bytes
    sent_at: datetime
    answered_at: datetime
    status: int
    content_type: str
    answer: dict[str, Any]

    @property
    def delivery_id(self) -> str:
        """The delivery id in the response, if the webhook was accepted."""
        return str(self.answer.get("delivery_id", ""))

    @property
    def flow_id(self) -> str:
        """The id of its flow."""
        return str(self.answer.get("flow_id", ""))

    @property
    def xaction_id(self) -> str:
        """The inlet's id of the message; empty while it is in the buffer."""
        return str(self.answer.get("xactionId", ""))


class WebhookApi:
    """The deployed HTTP API, by the host name that MiniStack routes.

    The name is used in the Host header only. The connection goes to the loopback address, so
    no resolver is needed.
    """

    def __init__(
        self,
        endpoint: str,
        api_id: str,
        secret: Callable[[str], str],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._endpoint = endpoint
        self.host = f"{api_id}.execute-api.localhost:{endpoint.rpartition(':')[2]}"
        self._secret = secret
        self._clock = clock

    def url(self, source: str) -> str:
        """The URL of a source."""
        return f"http://{self.host}/webhooks/{source}"

    def send(self, webhook: Webhook, to: str = "") -> Outcome:
        """Sign and send one webhook as its provider does.

        Args:
            webhook: the webhook to send.
            to: the source, if its name differs from the provider's.
        """
        sent_at = self._clock()
        headers, body = webhook.request(self._secret(webhook.sample.provider), sent_at)
        with requests.Session() as session:
            session.trust_env = False
            session.headers["User-Agent"] = USER_AGENT
            answer = session.post(
                f"{self._endpoint}/webhooks/{to or webhook.source}",
                data=body,
                headers={**headers, "host": self.host},
                timeout=_TIMEOUT_SECONDS,
            )
        return Outcome(
            webhook=webhook,
            body=body,
            sent_at=sent_at,
            answered_at=self._clock(),
            status=answer.status_code,
            content_type=answer.headers.get("content-type", ""),
            answer=_document(answer),
        )


def _document(answer: requests.Response) -> dict[str, Any]:
    try:
        document = answer.json()
    except requests.JSONDecodeError:
        return {}
    return document if isinstance(document, dict) else {}
