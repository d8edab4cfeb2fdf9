"""What the properties of a source say of its sender."""

from dataclasses import replace

from bridge.delivery.queued_event import MESSAGE_ID
from bridge.errors import InvalidPropertyError
from bridge.provisioning.sources.coverage import coverage_warnings
from bridge.provisioning.sources.properties import SourceProperties
from bridge.provisioning.sources.registration_rules import check_sender
from bridge.sources.source import Source
from bridge.verification.declaration import Declared, declare_recipe, declare_scheme
from bridge.verification.schemes import IamScheme
from bridge.verification.verify import needs_secrets


def warnings(source: Source) -> list[str]:
    """What whoever deploys a source should know of it."""
    told = [
        f"Adobe did not tell the class of schema {source.flows[flow].schema_id}, so messages of "
        f"flow {flow} get no _id and no timestamp but those of their Map"
        for flow in sorted(source.destinations() & source.flows.keys())
        if source.connection.data_type == "xdm" and not source.flows[flow].behavior
    ]
    told += coverage_warnings(source)
    if source.scheme.family != "none":
        return told
    access_rules = source.access_rules
    beside = (
        ""
        if access_rules.allowed_cidrs or access_rules.path_tokens
        else ", and it has no lock either"
    )
    return [
        *told,
        f"nothing proves who sends to source {source.name}: Verification is none{beside}",
    ]


def declared_sender(read: SourceProperties) -> Declared:
    """Who sends, and how they prove it. Raises InvalidPropertyError."""
    declared = (
        _events(read)
        if read.verification == "iam"
        else declare_scheme(
            read.provider,
            read.scheme,
            read.constants,
            read.handshakes,
            unverified=read.verification == "none",
        )
    )
    if needs_secrets(declared.scheme) and not read.secrets:
        raise InvalidPropertyError("Secrets", "is required")
    if read.registration:
        check_sender(declared)
    declared = replace(declared, body=read.body or declared.body)
    return replace(
        declared,
        delivery_id=_recipe("DeliveryId", read.delivery_id, declared.delivery_id),
        event_type=_recipe("EventType", read.event_type, declared.event_type),
        sent_at=_recipe("SentAt", read.sent_at, declared.sent_at),
    )


def _events(read: SourceProperties) -> Declared:
    """Events of EventBridge, and other messages under the ids that SQS gave them."""
    for name, given in (
        ("Provider", read.provider),
        ("Scheme", read.scheme),
        ("Secrets", read.secrets),
        ("Handshakes", read.handshakes),
    ):
        if given:
            raise InvalidPropertyError(name, "does not go with Verification: iam")
    return Declared(
        provider="events",
        scheme=IamScheme(),
        delivery_id=("json:id", f"header:{MESSAGE_ID}"),
        event_type=("json:detail-type",),
        sent_at=("json:time",),
    )


def _recipe(path: str, given: tuple[str, ...] | None, preset: tuple[str, ...]) -> tuple[str, ...]:
    return preset if given is None else declare_recipe(path, given)
