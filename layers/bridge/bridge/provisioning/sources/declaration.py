"""Derive the sender of a source from its properties."""

from dataclasses import replace

from bridge.delivery.queued_event import MESSAGE_ID
from bridge.errors import InvalidPropertyError
from bridge.provisioning.sources.checks import check_warnings
from bridge.provisioning.sources.constant_conditions import constant_condition_warnings
from bridge.provisioning.sources.constant_values import constant_value_warnings
from bridge.provisioning.sources.coverage import coverage_warnings
from bridge.provisioning.sources.privacy_paths import privacy_path_warnings
from bridge.provisioning.sources.privacy_warnings import privacy_warnings
from bridge.provisioning.sources.properties import SourceProperties
from bridge.provisioning.sources.quoted_paths import quoted_path_warnings
from bridge.provisioning.sources.registration_rules import check_sender
from bridge.provisioning.sources.slow_patterns import slow_pattern_warnings
from bridge.provisioning.sources.unmapped_targets import unmapped_warnings
from bridge.sources.source import Source
from bridge.verification.declaration import Declared, declare_recipe, declare_scheme
from bridge.verification.schemes import IamScheme
from bridge.verification.verify import needs_secrets


def secrets_are_required(name: str) -> str:
    """Why the source with this name needs `Secrets`, with an example."""
    example = f'[!Sub "/inlet-bridge/${{Stage}}/secrets/{name}"]'
    return f"is required: the names of parameters that have the secrets, such as Secrets: {example}"


def warnings(source: Source) -> list[str]:
    """Warnings for the author of a source."""
    texts = [
        f"the class of schema {source.flows[flow].schema_id} is not known, so messages of flow "
        f"{flow} get no _id and no timestamp except those of their Map"
        for flow in sorted(source.destinations() & source.flows.keys())
        if source.connection.data_type == "xdm" and not source.flows[flow].behavior
    ]
    texts += check_warnings(source)
    texts += unmapped_warnings(source)
    texts += constant_condition_warnings(source)
    texts += slow_pattern_warnings(source)
    texts += quoted_path_warnings(source)
    texts += constant_value_warnings(source)
    texts += coverage_warnings(source)
    texts += privacy_path_warnings(source.privacy)
    texts += privacy_warnings(source)
    if source.scheme.family != "none":
        return texts
    access_rules = source.access_rules
    no_rule = (
        ""
        if access_rules.allowed_cidrs or access_rules.path_tokens
        else ", and it has no access rule"
    )
    return [
        *texts,
        f"requests to source {source.name} are not verified: Verification is none{no_rule}",
    ]


def declared_sender(properties: SourceProperties) -> Declared:
    """The provider and its verification scheme. Raises InvalidPropertyError."""
    declared = (
        _iam_events(properties)
        if properties.verification == "iam"
        else declare_scheme(
            properties.provider,
            properties.scheme,
            properties.constants,
            properties.handshakes,
            unverified=properties.verification == "none",
        )
    )
    if needs_secrets(declared.scheme) and not properties.secrets:
        raise InvalidPropertyError("Secrets", secrets_are_required(properties.name))
    if properties.registration:
        check_sender(declared)
    declared = replace(declared, body=properties.body or declared.body)
    return replace(
        declared,
        delivery_id=_recipe("DeliveryId", properties.delivery_id, declared.delivery_id),
        event_type=_recipe("EventType", properties.event_type, declared.event_type),
        sent_at=_recipe("SentAt", properties.sent_at, declared.sent_at),
    )


def _iam_events(properties: SourceProperties) -> Declared:
    """Events of EventBridge, and other messages with their SQS message ids."""
    for name, given in (
        ("Provider", properties.provider),
        ("Scheme", properties.scheme),
        ("Secrets", properties.secrets),
        ("Handshakes", properties.handshakes),
    ):
        if given:
            raise InvalidPropertyError(name, "cannot be used with Verification: iam")
    return Declared(
        provider="events",
        scheme=IamScheme(),
        delivery_id=("json:id", f"header:{MESSAGE_ID}"),
        event_type=("json:detail-type",),
        sent_at=("json:time",),
    )


def _recipe(path: str, given: tuple[str, ...] | None, preset: tuple[str, ...]) -> tuple[str, ...]:
    return preset if given is None else declare_recipe(path, given)
