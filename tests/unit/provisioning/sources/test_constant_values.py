"""The deployment warns of identities and IDs that are the same for every event."""

from typing import Any

import pytest

from bridge.provisioning.sources.declaration import warnings
from tests.support.built_routes import built

_MAP = {"eventType": "event_type"}
_ONE_PERSON = "is the same for every event, so that all of them belong to one person"


def _of(**route: Any) -> list[str]:
    routes = [{"Flow": "events", "Map": _MAP, **route}]
    texts = ("the same for every event", "in place of the field")
    return [each for each in warnings(built(Routes=routes)) if any(text in each for text in texts)]


@pytest.mark.parametrize(
    "expression",
    ["'jill@example.com'", "lower('Jill@example.com')", "join('-', ['a', 'b'])", '`"a"`', "'body'"],
)
def test_identity_that_reads_no_field_is_a_warning(expression: str) -> None:
    [warning] = _of(Identity={"Email": expression})

    assert warning.startswith(f"Routes.0.Identity.Email of source shop {_ONE_PERSON}")
    assert warning.endswith("write an expression of the event, such as lower(body.email)")


def test_id_that_reads_no_field_is_a_warning() -> None:
    [warning] = _of(Map={**_MAP, "_id": "'registration'"})

    assert warning == (
        "Routes.0.Map._id of source shop is the same for every event, of which Profile keeps one;"
        " write an expression of the event, such as delivery_id, or leave _id out"
    )


@pytest.mark.parametrize(
    ("route", "place"),
    [
        ({"Identity": {"Email": "'body.email'"}}, "Identity.Email"),
        ({"Identity": {"Email": "lower('body.email')"}}, "Identity.Email"),
        ({"Map": {**_MAP, "_id": "'body.email'"}}, "Map._id"),
        ({"Map": {"eventType": "join('-', ['body.email', event_type])"}}, "Map.eventType"),
        ({"When": "'body.email' == 'a'"}, "When"),
    ],
)
def test_path_in_quotes_is_a_warning(route: Any, place: str) -> None:
    [warning] = _of(**route)

    assert warning == (
        f"Routes.0.{place} of source shop has the text 'body.email' in place of the field: remove"
        " the single quotes around body.email"
    )


def test_path_in_quotes_that_is_compared_with_nothing_has_one_warning() -> None:
    found = warnings(built(Routes=[{"Flow": "events", "Map": _MAP, "When": "'body.email'"}]))

    [warning] = [each for each in found if "body.email" in each]
    assert "compared with nothing" in warning
    assert warning.endswith("Remove the single quotes around body.email")


@pytest.mark.parametrize(
    "route",
    [
        {"Identity": {"Email": "lower(body.email)"}},
        {"Identity": {"Email": "body.email || 'unknown'"}},
        {"Map": {**_MAP, "_id": "delivery_id"}},
        {"Map": {"eventType": "'body.'"}},
        {"Map": {"eventType": "'shop.body'"}},
        {"Map": {"eventType": "'the body.email of it'"}},
    ],
)
def test_other_values_have_no_such_warning(route: Any) -> None:
    assert _of(**route) == []


def test_record_has_the_id_that_its_map_gives() -> None:
    [route] = built(Routes=[{"Flow": "events", "Map": {**_MAP, "_id": "'a'"}}]).routes
    source = built(Routes=[{"Flow": "events", "Map": _MAP}])
    flows = {name: flow._replace(behavior="record") for name, flow in source.flows.items()}

    found = warnings(source._replace(routes=(route,), flows=flows))
    assert not any("the same for every event" in each for each in found)
