"""The names of the bridge's parameters are those of its template."""

from bridge.provisioning.bridge_parameters import PARAMETERS
from bridge.provisioning.connections.properties import ConnectionProperties
from bridge.provisioning.property_parsing import names_of
from bridge.provisioning.sources.properties import SourceProperties
from tests.support.sam_template import template


def test_names_are_those_of_the_template() -> None:
    assert template()["Parameters"].keys() == PARAMETERS


def test_no_property_has_the_name_of_a_parameter() -> None:
    assert not PARAMETERS & (names_of(SourceProperties) | names_of(ConnectionProperties))
