"""Receive a webhook: verify it, deduplicate it, then deliver or buffer it."""

from typing import TYPE_CHECKING, NamedTuple

from bridge.deadline import Deadline, inline_seconds
from bridge.delivery.record import State
from bridge.messages.received_event import received_event
from bridge.ports.process import Clock
from bridge.receiving.gate import Gate
from bridge.receiving.intake import Intake
from bridge.sources.source import Source
from bridge.telemetry import logger
from bridge.verification.provider_response import ProviderResponse
from bridge.webhook import Webhook

if TYPE_CHECKING:
    from bridge.verification.refusal import Refusal


class Receipt(NamedTuple):
    """The acknowledgement of a webhook.

    Attributes:
        state: DELIVERED, BUFFERED, SPLIT or FILTERED.
        flow, flow_id: empty if the webhook has no target or several.
        xaction_id: the inlet's id of the message, if it is delivered.
        reply: the source's own response, in place of the default one.
    """

    state: State
    delivery_id: str
    flow: str = ""
    flow_id: str = ""
    xaction_id: str = ""
    reply: ProviderResponse | None = None


class Receiver:
    """Receives webhooks."""

    def __init__(self, *, gate: Gate, intake: Intake, clock: Clock, deadline: Deadline) -> None:
        self._gate = gate
        self._intake = intake
        self._clock = clock
        self._deadline = deadline

    def receive(self, source_name: str, webhook: Webhook) -> Receipt | ProviderResponse:
        """Receive a webhook.

        Returns:
            A receipt after the webhook is delivered or buffered, never before; or the response
            to a handshake.

        Raises:
            WebhookRejectedError: the request is invalid.
            UnavailableError: the webhook cannot be accepted now; the sender must retry.
        """
        now = self._clock()
        verified = self._gate.verify(source_name, webhook, now)
        if isinstance(verified, ProviderResponse):
            return verified
        source = verified.configured.source
        self._deadline.set(inline_seconds(source.timeout_seconds))
        received = received_event(source, verified.webhook, now, signed=verified.signed)
        logger.debug(
            "verified",
            extra={
                "delivery_id": received.delivery_id,
                "event_type": received.event_type,
                "bytes": len(webhook.body),
            },
        )
        accepted = self._intake.accept(verified.configured, received)
        flow = source.flows.get(accepted.flow)
        return Receipt(
            accepted.state,
            accepted.delivery_id,
            accepted.flow,
            flow.flow_id if flow else "",
            accepted.xaction_id,
            _acknowledgement(source),
        )

    def refusal_form(self, source_name: str) -> "Refusal | None":
        """The form of the refusals of a source; None is problem details. Never raises."""
        return self._gate.refusal_form(source_name)


def _acknowledgement(source: Source) -> ProviderResponse | None:
    if source.acknowledgement is None:
        return None
    from bridge.verification.handshake_response import static_response  # noqa: PLC0415 (rarely needed)

    return static_response(source.acknowledgement)
