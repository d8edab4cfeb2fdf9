"""A source from its properties, without asking anybody."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bridge.provisioning.schema_subset import schema_behavior
from bridge.provisioning.sources.coverage import check_headers, declared_coverage, key_recipe
from bridge.provisioning.sources.properties import SourceProperties
from bridge.provisioning.sources.routes import Ground, declared_routing
from bridge.sources.source import AccessRules, Connection, Flow, Source
from bridge.verification.declaration import Declared
from bridge.verification.extractors import parse_extractor
from bridge.verification.jwt_scheme import JwtScheme
from bridge.verification.public_key_scheme import PublicKeyScheme
from bridge.verification.schemes import MacScheme, Scheme, TokenScheme


def build_source(
    read: SourceProperties,
    declared: Declared,
    connection: Connection,
    flows: Mapping[str, Flow],
    schemas: Mapping[str, Mapping[str, Any]],
) -> Source:
    """Put a source together.

    Args:
        read: the properties.
        declared: its sender.
        connection: to which it sends.
        flows: of the connection, by name.
        schemas: XDM schemas by flow, as far as they are known.

    Raises:
        InvalidPropertyError: names the property.
    """
    routing = declared_routing(
        read,
        Ground(connection.name, connection.data_type, tuple(flows), schemas),
        _proof_headers(declared.scheme),
    )
    check_headers(routing.headers, declared.scheme, (*declared.unsigned, *read.unsigned))
    delivery_id, by_content = key_recipe(read, declared)
    return Source(
        name=read.name,
        provider=declared.provider,
        scheme=declared.scheme,
        delivery_id=delivery_id,
        event_type=declared.event_type,
        secrets=read.secrets,
        delivery=read.delivery,
        routes=routing.routes,
        connection=connection,
        flows={name: _told(flow, schemas.get(name)) for name, flow in flows.items()},
        sent_at=declared.sent_at,
        timeout_seconds=declared.timeout_seconds,
        handshakes=declared.handshakes,
        handshake_secrets=read.handshake_secrets,
        acknowledgement=declared.acknowledgement,
        public_url=read.public_url,
        access_rules=AccessRules(
            read.allowed_cidrs, read.allowed_methods, read.path_tokens, read.max_body_bytes
        ),
        otherwise=routing.otherwise,
        split=routing.split,
        item_id=routing.item_id,
        headers=routing.headers,
        privacy=routing.privacy,
        body_form=declared.body,
        coverage=declared_coverage(read, declared),
        by_content=by_content,
    )


def _told(flow: Flow, schema: Mapping[str, Any] | None) -> Flow:
    return flow if schema is None else replace(flow, behavior=schema_behavior(schema))


def _proof_headers(scheme: Scheme) -> frozenset[str]:
    """The names of the headers that hold a signature or a token."""
    places: tuple[str, ...] = ()
    match scheme:
        case MacScheme() | PublicKeyScheme():
            places = scheme.signature.from_
        case TokenScheme() | JwtScheme():
            places = scheme.from_
    parsed = map(parse_extractor, places)
    return frozenset(place.name for place in parsed if place.kind == "header")
