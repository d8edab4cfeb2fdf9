"""The receiver's use case: verify a webhook, take it on once, forward or buffer it."""

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the bridge promises to the sender.

    Attributes:
        state: DELIVERED, BUFFERED, SPLIT or FILTERED.
        flow, flow_id: empty where there is none or more than one.
        xaction_id: the inlet's name for the message, once it has one.
        reply: what the sender wants to read in the place of this.
    """

    state: State
    delivery_id: str
    flow: str = ""
    flow_id: str = ""
    xaction_id: str = ""
    reply: ProviderResponse | None = None


class Receiver:
    """Takes webhooks on."""

    def __init__(self, *, gate: Gate, intake: Intake, clock: Clock, deadline: Deadline) -> None:
        self._gate = gate
        self._intake = intake
        self._clock = clock
        self._deadline = deadline

    def receive(self, source_name: str, webhook: Webhook) -> Receipt | ProviderResponse:
        """Take a webhook on.

        Returns:
            A receipt once the webhook is in the inlet or in the buffer, and not before; or the
            answer to a handshake.

        Raises:
            WebhookRejectedError: the request is at fault.
            UnavailableError: it is not; the sender has to try again.
        """
        now = self._clock()
        admitted = self._gate.admit(source_name, webhook, now)
        if isinstance(admitted, ProviderResponse):
            return admitted
        source = admitted.configured.source
        self._deadline.set(inline_seconds(source.timeout_seconds))
        received = received_event(source, admitted.webhook, now, signed=admitted.signed)
        logger.debug(
            "verified",
            extra={
                "delivery_id": received.delivery_id,
                "event_type": received.event_type,
                "bytes": len(webhook.body),
            },
        )
        accepted = self._intake.accept(admitted.configured, received)
        flow = source.flows.get(accepted.flow)
        return Receipt(
            accepted.state,
            accepted.delivery_id,
            accepted.flow,
            flow.flow_id if flow else "",
            accepted.xaction_id,
            _acknowledgement(source),
        )


def _acknowledgement(source: Source) -> ProviderResponse | None:
    if source.acknowledgement is None:
        return None
    from bridge.verification.handshake_response import static_response  # noqa: PLC0415 (few senders care)

    return static_response(source.acknowledgement)
