"""An invalid property is reported in one sentence, before anything is created."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import InvalidPropertyError
from bridge.provisioning.connections.properties import desired_chain
from bridge.provisioning.sources.properties import source_properties
from tests.support.adobe_fakes import MAPPING_SET
from tests.support.declarations import SCHEMA, SECRET, connection, flow, source
from tests.support.provisioning_bench import STAGE, Bench

BAD_CONNECTIONS: list[tuple[Any, str]] = [
    ({}, "Name: is required"),
    ("orders", "Properties: must be an object"),
    (connection(Name="Orders"), "Name: must be 1-63 lowercase letters"),
    (connection(Name=5), "Name: must be a text"),
    (connection(Authentcated="true"), "Authentcated: there is no such property; is it Authent"),
    (connection(Alarms="true"), "Alarms: there is no such property; it is a parameter of the bri"),
    (connection(**{"Flows[0]": "a"}), "Flows[0]: there is no such property; is it Flows?"),
    (connection(Authenticated="yes"), "Authenticated: must be true or false"),
    (connection(DataType="json"), "DataType: must be 'xdm' or 'raw'"),
    (connection(OnDelete="Keep"), "OnDelete: must be 'Delete' or 'Retain'"),
    ({"Name": "orders", "Flows": []}, "Flows: needs at least one entry"),
    ({"Name": "orders", "Flows": "orders"}, "Flows: must be a list"),
    ({"Name": "orders"}, "Flows: is required"),
    (connection(*(flow(f"f{n}") for n in range(21))), "Flows: takes at most 20"),
    (connection("orders"), "Flows.0: must be an object"),  # type: ignore[arg-type]
    (connection(flow(), flow()), "Flows.1.Name: is the name of another flow"),
    (connection(flow("a/b")), "Flows.0.Name: must be 1-63"),
    (
        connection(flow(dataset=MAPPING_SET)),
        "Flows.0.DatasetId: must be a dataset id (24 hex digits), but this is a mapping set id",
    ),
    (
        connection(flow(dataset="a59d368a-1152-4673-a46e-bd52e8cdb9a9")),
        "Flows.0.DatasetId: must be a dataset id (24 hex digits), but this is a Flow Service id",
    ),
    (connection(flow(dataset="nonsense")), "Flows.0.DatasetId: must be a dataset id (24 hex"),
    (
        connection(flow(SchemaId="_tenant.schemas.5f1c2d3e")),
        "Flows.0.SchemaId: must be a schema $id",
    ),
    (connection(flow(SchemaId="http://ns.adobe.com/x/schemas/y")), "Flows.0.SchemaId: must be"),
    (
        connection(DataType="raw"),
        "Flows.0.Mappings: or MappingSetId is required, since DataType is raw",
    ),
    (
        connection(flow(MappingSetId=MAPPING_SET), DataType="raw"),
        "Flows.0.MappingSetVersion: is required, since MappingSetId is given",
    ),
    (
        connection(flow(MappingSetId=MAPPING_SET, MappingSetVersion="-1"), DataType="raw"),
        "Flows.0.MappingSetVersion: must be at least 0",
    ),
    (
        connection(flow(MappingSetId="a" * 64, MappingSetVersion="0"), DataType="raw"),
        "Flows.0.MappingSetId: must be a mapping set id (32 hex digits), but this is an inlet id",
    ),
    (
        connection(flow(MappingSetId=MAPPING_SET)),
        "Flows.0.MappingSetId: is only for DataType raw",
    ),
]

BAD_SOURCES: list[tuple[Any, str]] = [
    (source(Name=""), "Name: must be 1-63"),
    (
        {"Nmae": "shop"},
        "Nmae: there is no such property; is it Name, which is required?",
    ),
    (source(KeepBodies="many"), "KeepBodies: must be a whole number of days, such as 30; 0 keeps"),
    (source(KeepBodies="91"), "KeepBodies: must be at most 90 days"),
    (source(MaxBodyBytes="0"), "MaxBodyBytes: must be at least 1"),
    (
        source(DuplicateContentSeconds="1h"),
        "DuplicateContentSeconds: must be a whole number of seconds, such",
    ),
    (source(Split=""), "Split: is empty; write the list of events, such as body.events, or leave"),
    (source(Split="body.events", ItemId=" "), "ItemId: is empty; write the id within an event"),
    (source(Zz="a"), "Zz: there is no such property; docs/configuration.md lists them all"),
    (
        source(Privacy={"Zz": []}),
        "Privacy.Zz: there is no such property; there is Drop, Mask, Hash",
    ),
    (source(Secret=SECRET), "Secret: there is no such property; is it Secrets?"),
    (
        source(Secrets=[]),
        "Secrets: is required: the names of parameters that have the secrets, such",
    ),
    (
        source(Secrets=["/inlet-bridge/${Stage}/secrets/shop"]),
        "Secrets.0: has ${ }, which is a name only after !Sub; write !Sub before the text",
    ),
    (source(Secrets=SECRET), "Secrets: must be a list"),
    (source(Secrets=["whsec_TOPSECRET"]), "Secrets.0: must be the name of a parameter below"),
    (
        source(Secrets=[SECRET, "/inlet-bridge/prod/secrets/github"]),
        "Secrets.1: must be the name of a parameter below /inlet-bridge/test/secrets/",
    ),
    (source(Secrets=["/inlet-bridge/test/secrets/"]), "Secrets.0: must be"),
    (source(Delivery="later"), "Delivery: must be 'inline' or 'queued'"),
    (source(Scheme="hmac"), "Scheme: must be an object"),
    (source(Routes=[{"Flow": "orders", "Maps": {}}]), "Routes.0.Maps: there is no such property"),
    (source(Privacy={"Drop": ["a..b"]}), "Privacy.Drop.0: must be a path"),
    (source(Routes=[{"Flow": "Orders!"}]), "Routes.0.Flow: must be 1-63"),
    (
        source(Connection="https://dcs.adobedc.net/collection/5f1c"),
        "Connection: must be the Name of a connection, such as webhooks, and no URL",
    ),
    (source(RequestsPerSecond="10"), "RequestsPerSecond: there is no such property; it is a param"),
    (
        source(Routes=[{"Flow": "orders", "Tracing": "1"}]),
        "Routes.0.Tracing: there is no such property; it is a parameter of the bridge",
    ),
    (source(Connection=None), "Connection: is required, unless"),
]


@pytest.mark.parametrize(("properties", "sentence"), BAD_CONNECTIONS)
def test_invalid_property_of_a_connection_is_named(properties: Any, sentence: str) -> None:
    bench = Bench()

    with pytest.raises(InvalidPropertyError) as caught:
        bench.apply(properties, "direct")
    assert str(caught.value).startswith(sentence)
    assert "\n" not in str(caught.value)
    assert bench.adobe.calls == []
    assert bench.parameters.writes == 0


@pytest.mark.parametrize(("properties", "sentence"), BAD_SOURCES)
def test_invalid_property_of_a_source_is_named_and_not_quoted(
    properties: Any, sentence: str
) -> None:
    bench = Bench()

    with pytest.raises(InvalidPropertyError) as caught:
        bench.provisioner().sources.apply(properties, "direct")
    assert str(caught.value).startswith(sentence)
    assert "TOPSECRET" not in str(caught.value)
    assert caught.value.__context__ is None
    assert bench.parameters.writes == 0


def test_strings_of_cloudformation_are_converted() -> None:
    mapped = flow(MappingSetId=MAPPING_SET, MappingSetVersion="7")
    desired = desired_chain(
        connection(
            mapped,
            Authenticated="false",
            DataType="raw",
            ServiceToken="arn:aws:lambda:x",
            ServiceTimeout="900",
        )
    )

    assert desired.authenticated is False
    assert desired.flow("orders").mapping_set is not None
    assert desired.flow("orders").schema_id == SCHEMA
    assert "7" in repr(desired)


def test_connection_is_authenticated_and_xdm_by_default() -> None:
    desired = desired_chain(connection())

    assert desired.authenticated is True
    assert desired.data_type == "xdm"


def test_secrets_manager_secrets_are_references() -> None:
    reference = "/aws/reference/secretsmanager/inlet-bridge/test/github"

    assert source_properties(source(Secrets=[reference]), STAGE).secrets == (reference,)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)


@given(JSON, JSON)
def test_arbitrary_properties_raise_only_the_expected_error(one: Any, other: Any) -> None:
    for properties in (one, connection(Flows=one, Name=other), connection(flow(SchemaId=one))):
        try:
            desired_chain(properties)
        except InvalidPropertyError as exc:
            assert exc.path  # noqa: PT017 - the other outcome is right as well
    for properties in (one, source(Secrets=one, Scheme=other), source(Routes=one)):
        try:
            source_properties(properties, STAGE)
        except InvalidPropertyError as exc:
            assert exc.path  # noqa: PT017 - the other outcome is right as well
