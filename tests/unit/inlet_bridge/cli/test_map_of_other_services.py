"""What `inlet map` says of properties with the names that other services have for them."""

from pathlib import Path

import pytest

from bridge.provisioning.property_parsing import Properties, names_of
from bridge.provisioning.sources.other_names import OF_A_ROUTE, OF_A_SOURCE
from bridge.provisioning.sources.properties import SourceProperties
from bridge.provisioning.sources.route_properties import RouteProperties, RouteTargetProperties
from tests.support.linear_map import TEMPLATE, output

_OTHERWISE = "      Otherwise: drop"
_WHEN = "        - When:"
_MAP = "          Map:"
_ROUTES = TEMPLATE[TEMPLATE.index("      Routes:") : TEMPLATE.index(_OTHERWISE)]
_FLOW = "          Flow: events"


@pytest.mark.parametrize(
    ("old", "new", "way"),
    [
        *(
            (
                _OTHERWISE,
                f"      {each}: drop",
                f"{each}: there is no such property; Otherwise says",
            )
            for each in ("Default", "Else", "Fallback", "default", "CatchAll")
        ),
        *(
            (_WHEN, f"        - {each}:", 'When of the route is the condition, such as "event_type')
            for each in (
                "Filter",
                "Condition",
                "If",
                "EventPattern",
                "Match",
                "EventType",
                "filter",
            )
        ),
        *(
            (_MAP, f"          {each}:", "Map makes the message: XDM fields with expressions")
            for each in ("Transform", "Mapping", "Template", "InputTransformer", "transformation")
        ),
        *(
            (_FLOW, f"          {each}: events", "Flow names the flow of the connection to which")
            for each in ("To", "Destination", "Target", "DatasetId", "to")
        ),
        (_OTHERWISE, "          Else: drop", "Otherwise, beside Routes, says what becomes of ev"),
        (_OTHERWISE, "          Identities: {}", "Identity has the identities, such as {Email: lo"),
        (_OTHERWISE, "      Transform: body", "Map of an entry of Routes makes the message"),
        (_OTHERWISE, "      Destination: events", "Flow of an entry of Routes names the flow"),
        (_OTHERWISE, "      SigningSecret: a", "Secrets has the names of parameters with the sec"),
        (_OTHERWISE, "      Endpoint: a", "Name makes the end of the URL, /webhooks/NAME"),
        (_OTHERWISE, "      Vendor: linear", "Provider names the preset; `inlet providers` lists"),
        (_OTHERWISE, "      Events: [push]", "it belongs in Subscription"),
    ],
)
def test_property_that_does_the_same_is_named(tmp_path: Path, old: str, new: str, way: str) -> None:
    assert way in output(tmp_path, old, new)


@pytest.mark.parametrize(
    ("table", "model"),
    [
        (OF_A_SOURCE, SourceProperties),
        (OF_A_ROUTE, RouteProperties),
        (OF_A_ROUTE, RouteTargetProperties),
    ],
)
def test_no_property_has_the_name_of_another_service(
    table: dict[str, str], model: type[Properties]
) -> None:
    assert not {each.casefold() for each in names_of(model)} & {each.casefold() for each in table}


@pytest.mark.parametrize(
    ("old", "new", "way"),
    [
        (_FLOW, "          Targets: [events]", "such as {Flow: events, Map: {…}}"),
        (_FLOW, "          Targets: {Flow: events}", "one line it is [{Flow: events, Map: {…}}]"),
        (
            _FLOW,
            "          Targets: events",
            "begins with a dash and a space, as in - Flow: events",
        ),
        (_ROUTES, "      Routes: [events]\n", "such as {Flow: events, Map: {…}}"),
        (_ROUTES, "      Routes: {Flow: events}\n", "in one line it is [{Flow: events, Map: {…}}]"),
    ],
)
def test_form_of_a_list_is_shown(tmp_path: Path, old: str, new: str, way: str) -> None:
    assert way in output(tmp_path, old, new)
