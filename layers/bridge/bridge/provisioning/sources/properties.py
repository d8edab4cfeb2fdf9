"""Parse the properties of `Custom::WebhookSource`."""

import re
from collections.abc import Mapping, Sequence
from ipaddress import ip_network
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

from bridge.bodies.charsets import codec_named
from bridge.delivery.kept import MOST_DAYS
from bridge.errors import InvalidPropertyError, UnsupportedBodyError
from bridge.names import NAME, require_name
from bridge.provisioning.property_parsing import Name, Properties, parse
from bridge.provisioning.sources.other_names import OF_A_SOURCE
from bridge.provisioning.sources.registration_rules import check_access_rules
from bridge.provisioning.sources.route_properties import PrivacyProperties, RouteProperties
from bridge.provisioning.sources.subscription_properties import (
    SubscriptionProperties,
    with_own_secret,
)
from bridge.sources.route import DEAD_LETTER, DROP, WHOLE_BODY
from bridge.verification.extractors import parse_extractor
from bridge.verification.schemes import BodyForm

# Characters of SSM parameter names (AWS Systems Manager user guide, "About parameter names").
_PART = r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*"


LONGEST_CONTENT_SECONDS = 691_200
"""The shortest lifetime of delivery records, 8 days: without a record nothing is a repetition."""

NOT_SUBSTITUTED = "has ${ }, which is a name only after !Sub; write !Sub before the text"
"""Of a reference that CloudFormation did not substitute; quotes nothing, as it may be a secret."""

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def _https(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.fragment or "@" in parts.netloc:
        raise ValueError("must be an https address")
    return url


def _cidr(text: str) -> str:
    try:
        return str(ip_network(text))
    except ValueError:
        raise ValueError("must be a range such as 192.0.2.0/24, without host bits") from None


def connection_name(text: str) -> str:
    """Return the name of a connection. Raises ValueError, with what to write instead."""
    name, separator, _ = text.partition("/")
    if separator and NAME.fullmatch(name):
        raise ValueError(
            f"must be the name of the connection alone, {name}; Flow of a route names the flow"
        )
    if separator:
        raise ValueError(
            "must be the Name of a connection, such as webhooks, and no URL; of a resource, write"
            " !GetAtt LOGICAL_ID.Name"
        )
    logical_id = text.partition(".")[0]
    if logical_id.isalnum() and not NAME.fullmatch(text):
        raise ValueError(
            f"must be the Name of a connection; of the resource {logical_id}, write !GetAtt"
            f" {logical_id}.Name"
        )
    return require_name(text)


def _unsigned(extractors: tuple[str, ...]) -> tuple[str, ...]:
    for extractor in extractors:
        if extractor != WHOLE_BODY:
            parse_extractor(extractor)
    return extractors


def _split(text: str) -> str:
    if not text.strip():
        raise ValueError(
            "is empty; write the list of events, such as body.events, or leave Split out for one"
            " event in each webhook"
        )
    return text


def _item_id(text: str) -> str:
    if not text.strip():
        raise ValueError(
            "is empty; write the id within an event, such as body.id, or leave ItemId out for the"
            " position in the list"
        )
    return text


def _method(text: str) -> str:
    if text not in _METHODS:
        raise ValueError(f"must be one of {', '.join(_METHODS)}")
    return text


def _charset(label: str) -> str:
    if label:
        try:
            codec_named(label)
        except UnsupportedBodyError:
            raise ValueError("must be a charset such as windows-1252 or shift_jis") from None
    return label


type Recipe = Annotated[
    tuple[str, ...], BeforeValidator(lambda given: (given,) if isinstance(given, str) else given)
]


class SourceProperties(Properties):
    """A source.

    Attributes:
        provider: the name of a preset; a scheme overrides parts of it.
        verification: `none` accepts every request; `iam` accepts events from the queue `Events`
            instead of webhooks.
        constants: parameters of the preset; see `docs/providers.md`.
        secrets: references, newest first; none only for providers that publish their keys.
        handshake_secrets: references of the secrets of handshakes, instead of `secrets`.
        registration: `pending` lets the provider register the first secret within an hour;
            needs `path_tokens` or narrow `allowed_cidrs`.
        subscription: the webhook that the bridge registers at the vendor, instead of `secrets`.
        delivery_id, event_type, sent_at: recipes that override the preset's.
        replay_protection: `strict` deduplicates webhooks by their signed content alone.
        duplicate_content_seconds: how long equal content counts as a repetition, for webhooks
            without an id; 0 makes each request an event. None means as long as records are kept.
        body: the form of bodies, overrides the preset's.
        charset: of bodies that are not UTF-8, overrides that of Content-Type.
        unsigned: extractors of unsigned parts that may reach a message.
        connection: None for a source that forwards nothing.
        routes: where webhooks go; empty means the connection's only flow.
        otherwise: `drop`, `dead-letter` or a flow, for webhooks that match no route.
        split: JMESPath of the list of events within one webhook.
        item_id: JMESPath of the id of an event in that list.
        privacy: parts of a body that are removed or masked.
        keep_bodies: for how many days the bodies of webhooks are kept; 0 keeps none.
        public_url: the webhook URL, if it is not API Gateway's.
        path_tokens: references of tokens that end the path; two during a rotation.
    """

    ELSEWHERE: ClassVar = OF_A_SOURCE

    name: Name
    provider: str | None = None
    verification: Literal["none", "iam"] | None = None
    scheme: Mapping[str, Any] | None = None
    constants: Mapping[str, str] = {}
    handshakes: tuple[Mapping[str, Any], ...] | None = None
    secrets: tuple[str, ...] = ()
    handshake_secrets: tuple[str, ...] = ()
    registration: Literal["pending"] | None = None
    subscription: SubscriptionProperties | None = None
    delivery_id: Recipe | None = None
    event_type: Recipe | None = None
    sent_at: Recipe | None = None
    replay_protection: Literal["standard", "strict"] = "standard"
    duplicate_content_seconds: Annotated[int, Field(ge=0, le=LONGEST_CONTENT_SECONDS)] | None = None
    body: BodyForm | None = None
    charset: Annotated[str, AfterValidator(_charset)] = ""
    unsigned: Annotated[Recipe, AfterValidator(_unsigned)] = ()
    connection: Annotated[str, AfterValidator(connection_name)] | None = None
    delivery: Literal["inline", "queued"] = "inline"
    routes: tuple[RouteProperties, ...] = ()
    otherwise: str = DEAD_LETTER
    split: Annotated[str, AfterValidator(_split)] = ""
    item_id: Annotated[str, AfterValidator(_item_id)] = ""
    privacy: PrivacyProperties = PrivacyProperties()
    keep_bodies: Annotated[int, Field(ge=0, le=MOST_DAYS)] = 0
    public_url: Annotated[str, AfterValidator(_https)] = ""
    allowed_cidrs: tuple[Annotated[str, AfterValidator(_cidr)], ...] = ()
    allowed_methods: tuple[Annotated[str, AfterValidator(_method)], ...] = ()
    path_tokens: Annotated[tuple[str, ...], Field(max_length=2)] = ()
    max_body_bytes: Annotated[int, Field(ge=1)] | None = None


def source_properties(properties: object, stage: str) -> SourceProperties:
    """Parse the properties of a source.

    Raises:
        InvalidPropertyError: names the property; an invalid reference is never quoted, since it
            may be the secret itself.
    """
    parsed = with_own_secret(parse(SourceProperties, properties), stage)
    for name, references in (
        ("Secrets", parsed.secrets),
        ("HandshakeSecrets", parsed.handshake_secrets),
        ("PathTokens", parsed.path_tokens),
    ):
        _check_references(name, references, stage)
    if parsed.registration:
        captured = f"/inlet-bridge/{stage}/secrets/captured/"
        if len(parsed.secrets) != 1 or not parsed.secrets[0].startswith(captured):
            raise InvalidPropertyError(
                "Secrets", f"must be one below {captured} while the registration is pending"
            )
        check_access_rules(parsed.path_tokens, parsed.allowed_cidrs)
    if parsed.connection is None and (parsed.routes or parsed.otherwise != DROP):
        raise InvalidPropertyError(
            "Connection", "is required, unless there are no Routes and Otherwise is drop"
        )
    return parsed


def _check_references(name: str, references: Sequence[str], stage: str) -> None:
    reference = re.compile(
        rf"(/inlet-bridge/{stage}/secrets/"
        rf"|/aws/reference/secretsmanager/inlet-bridge/{stage}/){_PART}"
    )
    for index, secret in enumerate(references):
        if "${" in secret:
            raise InvalidPropertyError(f"{name}.{index}", NOT_SUBSTITUTED)
        if not reference.fullmatch(secret):
            raise InvalidPropertyError(
                f"{name}.{index}",
                f"must be the name of a parameter below /inlet-bridge/{stage}/secrets/ or "
                f"/aws/reference/secretsmanager/inlet-bridge/{stage}/, never the secret itself",
            )
