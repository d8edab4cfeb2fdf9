"""Identities that Identity Service rejects or throws away do not reach a message.

https://experienceleague.adobe.com/en/docs/experience-platform/identity/guardrails
"""

from typing import Any

import boto3
import pytest

from adobe_emulator.faults import AnswerWith, Fault, Service
from tests.support.checked_messages import configure, entities, reasons, received, send, warnings
from tests.support.delivery_cloud import DeliveryCloud

ECID = "12345678901234567890123456789012345678"
NO_IDENTITIES = {
    "ECID": (
        *("1234567890123456789012345678901234567", f"{ECID}9", f"{ECID[:-1]}x", " " + ECID[1:]),
        # Both halves are a Long of Java.
        *("9" * 38, "38ceea7e", "null", "", " "),
    ),
    "Email": ("null", "NULL", "anonymous", "Invalid", "", " ", "\t\n", "x" * 1_025),
}
FLOW = {"Flow": "orders"}
BOTH = {"ECID": "body.ecid", "Email": "body.mail"}


def identities(cloud: DeliveryCloud) -> Any:
    return entities(cloud)[-1].get("identityMap")


def test_next_namespace_is_primary_if_a_value_is_no_identity(cloud: DeliveryCloud) -> None:
    route = {**FLOW, "Map": {"a": "'b'"}, "Identity": BOTH, "Primary": "ECID"}
    configure(cloud, {"type": "object"}, Routes=[route])

    for value in NO_IDENTITIES["ECID"]:
        assert send(cloud, {"ecid": value, "mail": "a@b.c"}) == 200
        assert identities(cloud) == {"Email": [{"id": "a@b.c", "primary": True}]}
    for value in NO_IDENTITIES["Email"]:
        assert send(cloud, {"ecid": ECID, "mail": value}) == 200
        assert identities(cloud) == {"ECID": [{"id": ECID, "primary": True}]}
    assert send(cloud, {"ecid": "null", "mail": "anonymous"}) == 200
    assert identities(cloud) is None
    assert "Identity.ECID is left out: its value is not an ECID, which has 38 digits" in (
        warnings(cloud)
    )
    assert "38ceea7e" not in cloud.log.getvalue()


@pytest.mark.parametrize("delivery", ["inline", "queued"])
def test_record_says_that_a_message_has_no_identity(cloud: DeliveryCloud, delivery: str) -> None:
    route = {**FLOW, "Map": {"a": "'b'"}, "Identity": BOTH, "Primary": "ECID"}
    configure(cloud, {"type": "object"}, Routes=[route], Delivery=delivery)

    for body in ({"mail": "a@b.c"}, {}, {"mail": "null"}):
        assert send(cloud, body) in {200, 202}

    notes = {each["id"]: each.get("note", "") for each in cloud.records()}
    none = (
        "the message has no identity, since Identity.ECID (body.ecid) and Identity.Email"
        " (body.mail) give none: it reaches the dataset, but no profile, unless another of its"
        " fields is an identity"
    )
    assert notes == {
        "d-0": "",
        "d-1": none,
        "d-2": f"Identity.Email is left out: its value is a placeholder; {none}",
    }
    assert "no identity" not in cloud.log.getvalue(), "Adobe takes it"


@pytest.mark.parametrize(
    "routes",
    [
        [],
        [{**FLOW, "Map": "body"}],
        [{**FLOW, "Map": {"a": "body.a", "identityMap": "body.identityMap"}}],
    ],
)
def test_the_same_holds_for_an_identity_map_that_is_passed_through_or_made_by_a_map(
    cloud: DeliveryCloud, routes: list[dict[str, Any]]
) -> None:
    configure(cloud, {"type": "object"}, Routes=routes)

    def sent(identity_map: dict[str, Any]) -> Any:
        assert send(cloud, {"a": 1, "identityMap": identity_map}) == 200
        return identities(cloud)

    primary = {"primary": True}
    for namespace, values in NO_IDENTITIES.items():
        for value in values:
            other = "Phone" if namespace == "ECID" else "ECID"
            number = "555" if other == "Phone" else ECID
            left = {namespace: [{"id": value, **primary}], other: [{"id": number}]}
            assert sent(left) == {other: [{"id": number, **primary}]}, value
    assert sent({"Email": [{"id": "null"}, {"id": "a@b.c", **primary}]}) == {
        "Email": [{"id": "a@b.c", **primary}]
    }
    assert sent({"Email": [{"id": "invalid", **primary}]}) is None
    assert sent({"Email": [{"id": "x" * 1_024, **primary}]}) == {
        "Email": [{"id": "x" * 1_024, **primary}]
    }


def test_body_with_good_identities_keeps_its_bytes(cloud: DeliveryCloud) -> None:
    configure(cloud, {"type": "object"})
    body = b'{ "identityMap" : {"Email" : [ {"id": "a@b.c", "primary": true} ]} }'

    assert send(cloud, body) == 200
    assert received(cloud) == [body]


@pytest.mark.parametrize(
    ("route", "path"),
    [
        ({"Identity": {"email": "body.a"}}, "Routes.0.Identity.email"),
        ({"Identity": {"ecid": "body.a"}}, "Routes.0.Identity.ecid"),
        (
            {"Map": {"identityMap": {"EMAIL": [{"id": "body.a"}]}}},
            "Routes.0.Map.identityMap.EMAIL",
        ),
    ],
)
def test_spelling_of_a_namespace_is_checked_at_deployment(
    cloud: DeliveryCloud, route: dict[str, Any], path: str
) -> None:
    answer = cloud.provisioned.send("source-create", Routes=[{**FLOW, **route}])

    assert answer["Status"] == "FAILED"
    assert answer["Reason"].startswith(f"{path}: the sandbox spells this namespace E")


def test_namespace_that_the_sandbox_does_not_have_is_a_warning(cloud: DeliveryCloud) -> None:
    answer = cloud.provisioned.send(
        "source-create", Routes=[{**FLOW, "Identity": {"Loyalty": "body.a"}}]
    )

    assert answer["Status"] == "SUCCESS"
    assert "the sandbox has no identity namespace Loyalty; create it" in answer["Reason"]


@pytest.mark.parametrize(
    "route",
    [
        {"Identity": {"Emial": "body.a"}},
        {"Map": {"identityMap": {"Emial": [{"id": "body.a"}]}}},
    ],
)
def test_nearest_namespace_is_proposed_at_deployment(
    cloud: DeliveryCloud, route: dict[str, Any]
) -> None:
    answer = cloud.provisioned.send("source-create", Routes=[{**FLOW, **route}])

    assert answer["Status"] == "SUCCESS"
    assert "no identity namespace Emial; is it Email? Create it" in answer["Reason"]
    assert "or Adobe ignores the identity. It has " in answer["Reason"]
    assert "ECID, Email" in answer["Reason"]


def test_spelling_of_a_namespace_is_checked_in_messages(cloud: DeliveryCloud) -> None:
    configure(cloud, {"type": "object"})

    assert send(cloud, {"identityMap": {"email": [{"id": "a@b.c"}]}}) == 202
    assert reasons(cloud) == [
        "invalid message: identityMap: the sandbox spells the namespace Email"
    ]
    assert send(cloud, {"identityMap": {"Loyalty": [{"id": "1"}], "hubspot": [{"id": "2"}]}}) == 200
    assert warnings(cloud) == ["the sandbox does not have a namespace of identityMap"]


def test_namespace_that_the_source_spells_out_is_named_in_messages(cloud: DeliveryCloud) -> None:
    """Any other may be personal data of the sender."""
    routes = [{**FLOW, "Map": {"identityMap": {"Emial": [{"id": "body.a"}]}}}]
    configure(cloud, {"type": "object"}, Routes=routes)

    assert send(cloud, {"a": "b@c.d"}) == 200
    assert warnings(cloud) == ["the sandbox has no identity namespace Emial; is it Email?"]


def test_several_primary_identities_are_a_warning(cloud: DeliveryCloud) -> None:
    """Which of them Adobe takes is not documented for streaming ingestion."""
    configure(cloud, {"type": "object"})
    primary = {"id": "a@b.c", "primary": True}
    found = {"Email": [primary], "hubspot": [{"id": "7", "primary": True}]}

    assert send(cloud, {"identityMap": found}) == 200
    assert identities(cloud) == found
    assert warnings(cloud) == ["identityMap has several primary identities"]
    # The one that is left out is none.
    found = {"Email": [primary], "hubspot": [{"id": "null", "primary": True}]}
    assert send(cloud, {"identityMap": found}) == 200
    assert identities(cloud) == {"Email": [primary]}
    assert len(warnings(cloud)) == 1


def test_other_findings_do_not_need_the_list_of_namespaces(cloud: DeliveryCloud) -> None:
    refused = AnswerWith(403, {}, '{"title": "forbidden"}')
    cloud.adobe.faults.add(Fault(service=Service.IDENTITY_SERVICE, times=None, effect=refused))
    configure(cloud, {"type": "object"})
    many = [{"id": str(number), "primary": number < 2} for number in range(21)]

    assert send(cloud, {"identityMap": {"email": many}}) == 200
    assert set(warnings(cloud)) == {
        "identityMap has over 20 identities",
        "identityMap has several primary identities",
    }


def test_namespaces_that_cannot_be_read_are_a_warning_and_a_finding(cloud: DeliveryCloud) -> None:
    refused = AnswerWith(403, {}, '{"title": "forbidden"}')
    cloud.adobe.faults.add(
        Fault(service=Service.IDENTITY_SERVICE, times=None, effect=refused),
    )
    answer = cloud.provisioned.send(
        "source-create", Routes=[{**FLOW, "Identity": {"email": "body.a"}}]
    )

    assert answer["Status"] == "SUCCESS"
    assert "the identity namespaces of the sandbox cannot be read" in answer["Reason"]
    findings = {each["check"]: each for each in cloud.provisioned.ask(action="doctor")["findings"]}
    finding = findings["the identity namespaces of the sandbox can be read"]
    assert not finding["ok"]
    assert "View Identity Namespaces" in finding["advice"]
    assert boto3.client("ssm").get_parameter(Name="/inlet-bridge/dev/sources/github")
