"""Names are deterministic, unambiguous and reversible."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.names import ChainLocation, physical_id, read_physical_id, resource_path

LOCATION = ChainLocation("dev", "0A1B@AdobeOrg", "sandbox", "eu-central-1:123456789012")

names = st.from_regex(r"[a-z0-9][a-z0-9-]{0,62}", fullmatch=True)


generations = st.sampled_from(["xdm-authenticated", "raw-open", "adopted", "a59d368a-1152"])


@given(names, generations)
def test_physical_id_round_trips(name: str, generation: str) -> None:
    text = physical_id("dev", "connections", name, generation)

    assert read_physical_id("dev", "connections", text) == (name, generation)
    assert read_physical_id("dev", "sources", text) == ("", "")
    assert read_physical_id("prod", "connections", text) == ("", "")
    assert f"/{text}".startswith(resource_path("dev", "connections", name))


@given(names)
def test_source_has_no_generation(name: str) -> None:
    text = physical_id("dev", "sources", name)

    assert read_physical_id("dev", "sources", text) == (name, "")
    assert read_physical_id("dev", "sources", f"{text}/x") == ("", "")


@given(st.text(max_size=40))
def test_other_texts_are_not_physical_ids(text: str) -> None:
    name, generation = read_physical_id("dev", "connections", text)

    assert name == "" or physical_id("dev", "connections", name, generation) == text


@given(names, names)
def test_name_of_an_object_round_trips_to_its_flow(connection: str, flow: str) -> None:
    assert LOCATION.flow_of(connection, LOCATION.object_name(connection, flow)) == flow
    assert LOCATION.flow_of(connection, LOCATION.object_name(connection)) == ""


@pytest.mark.parametrize(
    "other",
    [
        replace(LOCATION, stage="prod"),
        replace(LOCATION, org_id="9Z@AdobeOrg"),
        replace(LOCATION, sandbox="other"),
        replace(LOCATION, installation="eu-west-1:123456789012"),
    ],
)
def test_every_part_of_the_location_changes_the_source_id(other: ChainLocation) -> None:
    ids = {
        location.source_id(name, authenticated=authenticated, data_type=data_type)
        for location in (LOCATION, other)
        for name in ("orders", "sales")
        for authenticated in (True, False)
        for data_type in ("xdm", "raw")
    }

    assert len(ids) == 16


def test_source_id_is_readable_and_stable() -> None:
    one = LOCATION.source_id("orders", authenticated=True, data_type="xdm")

    assert one.startswith("inlet-bridge-dev-orders-")
    assert one == LOCATION.source_id("orders", authenticated=True, data_type="xdm")
