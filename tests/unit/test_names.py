"""Names are deterministic, unambiguous and reversible."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.names import ChainLocation, Slot, physical_id, read_physical_id, resource_path

PLACE = ChainLocation("dev", "0A1B@AdobeOrg", "sandbox", "eu-central-1:123456789012")

names = st.from_regex(r"[a-z0-9][a-z0-9-]{0,62}", fullmatch=True)


generations = st.sampled_from(["xdm-authenticated", "raw-open", "adopted", "a59d368a-1152"])


@given(names, generations)
def test_a_physical_id_gives_its_parts_back(name: str, generation: str) -> None:
    text = physical_id("dev", "connections", name, generation)

    assert read_physical_id("dev", "connections", text) == (name, generation)
    assert read_physical_id("dev", "sources", text) == ("", "")
    assert read_physical_id("prod", "connections", text) == ("", "")
    assert f"/{text}".startswith(resource_path("dev", "connections", name))


@given(names)
def test_a_source_has_no_generation(name: str) -> None:
    text = physical_id("dev", "sources", name)

    assert read_physical_id("dev", "sources", text) == (name, "")
    assert read_physical_id("dev", "sources", f"{text}/x") == ("", "")


@given(st.text(max_size=40))
def test_no_other_text_is_a_physical_id(text: str) -> None:
    name, generation = read_physical_id("dev", "connections", text)

    assert name == "" or physical_id("dev", "connections", name, generation) == text


@given(names, names)
def test_the_name_of_an_object_gives_its_flow_back(connection: str, flow: str) -> None:
    assert PLACE.flow_of(connection, PLACE.object_name(connection, flow)) == flow
    assert PLACE.flow_of(connection, PLACE.object_name(connection)) == ""


@pytest.mark.parametrize(
    "other",
    [
        replace(PLACE, stage="prod"),
        replace(PLACE, org_id="9Z@AdobeOrg"),
        replace(PLACE, sandbox="other"),
        replace(PLACE, installation="eu-west-1:123456789012"),
    ],
)
def test_every_part_of_the_place_makes_another_source_id(other: ChainLocation) -> None:
    ids = {
        place.source_id(name, authenticated=authenticated, data_type=data_type)
        for place in (PLACE, other)
        for name in ("orders", "sales")
        for authenticated in (True, False)
        for data_type in ("xdm", "raw")
    }

    assert len(ids) == 16


def test_a_source_id_is_readable_and_stays_the_same() -> None:
    one = PLACE.source_id("orders", authenticated=True, data_type="xdm")

    assert one.startswith("inlet-bridge-dev-orders-")
    assert one == PLACE.source_id("orders", authenticated=True, data_type="xdm")


def test_each_id_has_its_parameter() -> None:
    assert Slot("connections").parameter == "base_connection_id"
    assert Slot("flows", "orders").parameter == "flows/orders/flow_id"
    assert Slot("targetConnections", "orders").parameter == "flows/orders/target_connection_id"
