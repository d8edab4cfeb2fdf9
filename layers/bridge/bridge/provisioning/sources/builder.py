"""Build a source from its properties and its connection."""

from collections.abc import Mapping
from typing import Any

from bridge.messages.expression_tree import Reads
from bridge.messages.item_fields import list_of
from bridge.provisioning.schema_comparison import schema_behavior
from bridge.provisioning.sources.coverage import check_parts, declared_coverage, key_recipe
from bridge.provisioning.sources.properties import SourceProperties
from bridge.provisioning.sources.route_targets import RoutingContext
from bridge.provisioning.sources.routes import declared_routing
from bridge.sources.connection import Connection, Flow
from bridge.sources.source import AccessRules, Source
from bridge.verification.declaration import Declared
from bridge.verification.extractors import parse_extractor
from bridge.verification.jwt_scheme import JwtScheme
from bridge.verification.public_key_scheme import PublicKeyScheme
from bridge.verification.schemes import MacScheme, Scheme, TokenScheme


def build_source(
    properties: SourceProperties,
    declared: Declared,
    connection: Connection,
    flows: Mapping[str, Flow],
    schemas: Mapping[str, Mapping[str, Any]],
    *,
    namespaces: tuple[str, ...] | None = (),
) -> Source:
    """Build a source; `with_checks` adds the constraints of its schemas.

    Args:
        properties: of the source.
        declared: the sender.
        connection: its target.
        flows: of the connection, by name.
        schemas: the available XDM schemas, by flow.
        namespaces: codes of the sandbox's identity namespaces; None if they are unknown.

    Raises:
        InvalidPropertyError: names the property.
    """
    routing = declared_routing(
        properties,
        RoutingContext(
            connection.name, connection.data_type, tuple(flows), schemas, namespaces or ()
        ),
        _credentials(declared.scheme),
    )
    check_parts(
        Reads(frozenset(routing.headers), frozenset(routing.query)),
        declared.scheme,
        (*declared.unsigned, *properties.unsigned),
    )
    delivery_id, by_content = key_recipe(properties, declared)
    return Source(
        name=properties.name,
        provider=declared.provider,
        scheme=declared.scheme,
        delivery_id=delivery_id,
        event_type=declared.event_type,
        secrets=properties.secrets,
        delivery=properties.delivery,
        routes=routing.routes,
        connection=connection,
        flows={name: _with_behavior(flow, schemas.get(name)) for name, flow in flows.items()},
        sent_at=declared.sent_at,
        timeout_seconds=declared.timeout_seconds,
        handshakes=declared.handshakes,
        handshake_secrets=properties.handshake_secrets,
        acknowledgement=declared.acknowledgement,
        refusal=declared.refusal,
        public_url=properties.public_url,
        access_rules=AccessRules(
            properties.allowed_cidrs,
            properties.allowed_methods or declared.methods,
            properties.path_tokens,
            properties.max_body_bytes,
        ),
        otherwise=routing.otherwise,
        split=routing.split,
        item_id=routing.item_id or _item_id(routing.split, declared),
        headers=routing.headers,
        query=routing.query,
        privacy=routing.privacy,
        body_form=declared.body,
        charset=properties.charset,
        coverage=declared_coverage(properties, declared),
        by_content=by_content,
        content_seconds=properties.duplicate_content_seconds or None,
        keep_bodies=properties.keep_bodies,
        namespaces=namespaces,
    )


def _item_id(split: str, declared: Declared) -> str:
    """The preset's id of an event, if the webhooks are split into the preset's events."""
    return declared.item_id if split and list_of(split) == declared.split else ""


def _with_behavior(flow: Flow, schema: Mapping[str, Any] | None) -> Flow:
    return flow if schema is None else flow._replace(behavior=schema_behavior(schema))


def _credentials(scheme: Scheme) -> Reads:
    """The headers and query parameters that contain a signature or a token."""
    extractors: tuple[str, ...] = ()
    match scheme:
        case MacScheme() | PublicKeyScheme():
            extractors = scheme.signature.from_
        case TokenScheme() | JwtScheme():
            extractors = scheme.from_
    names: dict[str, set[str]] = {"header": set(), "query": set()}
    for extractor in map(parse_extractor, extractors):
        names.setdefault(extractor.kind, set()).add(extractor.name)
    return Reads(frozenset(names["header"]), frozenset(names["query"]))
