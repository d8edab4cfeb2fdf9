"""Lists of the emulated Flow Service."""

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from tests.support.adobe_client import Client, connection_body


def listed(client: Client, query: str, kind: str = "connections") -> list[str]:
    answer = client.flows("GET", f"{kind}?{query}")
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json()["items"]]


@pytest.fixture
def five(client: Client) -> Client:
    for name in ("delta", "alpha", "echo", "bravo", "charlie"):
        client.connection(name)
    return client


def test_list_is_in_the_order_of_creation_and_always_has_links(client: Client) -> None:
    client.connection("b")
    client.connection("a")
    answer = client.flows("GET", "connections").json()

    assert [item["name"] for item in answer["items"]] == ["b", "a"]
    assert answer["_links"] == {}


def test_empty_list_has_no_items(client: Client) -> None:
    assert client.flows("GET", "flows").json() == {"items": [], "_links": {}}


def test_filter_finds_what_equals_a_value_with_spaces(client: Client) -> None:
    client.connection("bridge: shop orders")
    client.connection("bridge: shop")
    query = f"property=name=={quote('bridge: shop orders')}"

    assert listed(client, query) == ["bridge: shop orders"]


def test_plus_in_a_filter_is_not_a_space(client: Client) -> None:
    client.connection("shop orders")

    assert listed(client, "property=name==shop+orders") == []


def test_filter_may_be_percent_encoded_as_a_whole(client: Client) -> None:
    client.connection("orders")

    assert listed(client, f"property={quote('name==orders', safe='')}") == ["orders"]


def test_repeated_filters_must_all_hold(client: Client) -> None:
    client.connection("one", dataType="raw")
    client.connection("two")
    raw = "property=auth.params.dataType==raw"

    assert listed(client, raw) == ["one"]
    assert listed(client, f"{raw}&property=name==two") == []
    assert listed(client, f"{raw}&property=name==one") == ["one"]


def test_comma_between_ids_means_or(client: Client) -> None:
    ids = [client.connection(name) for name in ("one", "two", "three")]

    assert listed(client, f"property=id=={ids[0]},{ids[2]}") == ["one", "three"]


def test_comma_in_a_name_belongs_to_it(client: Client) -> None:
    client.connection("one,two")
    client.connection("one")

    assert listed(client, "property=name==one,two") == ["one,two"]


def test_flows_are_found_by_their_source(client: Client) -> None:
    chain = client.chain("orders")
    client.chain("other")
    query = f"property=sourceConnectionIds[]=={chain.source}"
    found = client.flows("GET", f"flows?{query}").json()["items"]

    assert [flow["id"] for flow in found] == [chain.flow]


def test_path_may_lead_through_an_array_of_objects(client: Client) -> None:
    chain = client.chain()
    path = "inheritedAttributes.sourceConnections[].baseConnection.id"

    assert listed(client, f"property={path}=={chain.connection}", "flows") == ["orders flow"]


def test_boolean_is_written_in_lower_case(client: Client) -> None:
    client.chain()
    path = "inheritedAttributes.properties.isSourceFlow"

    assert listed(client, f"property={path}==true", "flows") == ["orders flow"]
    assert listed(client, f"property={path}==True", "flows") == []


def test_times_can_be_compared(client: Client) -> None:
    client.connection("orders")
    now = client.adobe.clock.milliseconds()

    assert listed(client, f"property=createdAt>={now}") == ["orders"]
    assert listed(client, f"property=createdAt>{now}") == []


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("name", "1443-400"),
        ("sourceConnectionIds==x", "1443-400"),
        ("name!=x", "1443-400"),
        ("createdAt>yesterday", "1448-400"),
    ],
)
def test_filter_that_is_not_right_is_rejected(client: Client, expression: str, code: str) -> None:
    client.chain()
    answer = client.flows("GET", f"flows?property={expression}")

    assert answer.json()["errorCode"] == code


def test_count_comes_alone_and_counts_what_was_filtered(five: Client) -> None:
    assert five.flows("GET", "connections?count=true").json() == {"count": 5}
    query = "connections?count=true&property=name==alpha"
    assert five.flows("GET", query).json() == {"count": 1}


def test_count_with_a_limit_is_rejected(five: Client) -> None:
    answer = five.flows("GET", "connections?count=true&limit=2")

    assert answer.json()["errorCode"] == "1401-400"


def test_false_count_may_come_with_a_limit(five: Client) -> None:
    assert len(listed(five, "count=False&limit=2")) == 2


@pytest.mark.parametrize("limit", ["0", "101", "-1", "many"])
def test_limit_has_bounds(client: Client, limit: str) -> None:
    assert client.flows("GET", f"connections?limit={limit}").status_code == 400


@pytest.mark.parametrize(
    ("orderby", "first"), [("name", "alpha"), ("+name", "alpha"), ("-name", "echo")]
)
def test_list_can_be_ordered(five: Client, orderby: str, first: str) -> None:
    assert listed(five, f"orderby={orderby}")[0] == first


def test_list_cannot_be_ordered_by_what_is_not_there(five: Client) -> None:
    assert five.flows("GET", "connections?orderby=colour").status_code == 400


def pages(client: Client, query: str) -> list[list[str]]:
    found: list[list[str]] = []
    token = ""
    while True:
        answer: dict[str, Any] = client.flows("GET", f"connections?{query}{token}").json()
        found.append([item["name"] for item in answer["items"]])
        if "next" not in answer["_links"]:
            return found
        values = parse_qs(urlsplit(answer["_links"]["next"]["href"]).query)
        token = f"&continuationToken={quote(values['continuationToken'][0])}"


def test_pages_follow_one_another_without_gap_or_overlap(five: Client) -> None:
    assert pages(five, "orderby=name&limit=2") == [
        ["alpha", "bravo"],
        ["charlie", "delta"],
        ["echo"],
    ]


def test_list_without_a_limit_has_pages_as_well(five: Client) -> None:
    assert [len(page) for page in pages(five, "orderby=name")] == [3, 2]


def test_full_last_page_has_no_successor(five: Client) -> None:
    assert len(pages(five, "limit=5")) == 1


def test_continuation_token_holds_an_equals_sign(five: Client) -> None:
    href = five.flows("GET", "connections?limit=2").json()["_links"]["next"]["href"]
    token = href.split("continuationToken=")[1]

    assert "=" in token
    cut = five.flows("GET", f"connections?limit=2&continuationToken={token.rstrip('=')}")
    assert cut.status_code == 400


@pytest.mark.parametrize("token", ["x", "%C3%A9", "bm90IG1pbmU="])
def test_token_that_was_never_given_is_rejected(five: Client, token: str) -> None:
    assert five.flows("GET", f"connections?continuationToken={token}").status_code == 400


def test_token_belongs_to_its_filters(client: Client) -> None:
    for name in ("one", "two", "three", "four"):
        client.create("connections", connection_body(name))
    query = "connections?property=auth.params.dataType==xdm"
    token = client.flows("GET", query).json()["_links"]["next"]["href"].split("Token=")[1]

    assert client.flows("GET", f"{query}&continuationToken={token}").status_code == 200
    assert client.flows("GET", f"connections?continuationToken={token}").status_code == 400
