"""Tests of the commands for a deployed bridge, on a stack of moto: the history of a delivery."""

from copy import replace
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from bridge.delivery.outcomes import DeadClass
from bridge.idempotency_keys import content_key
from bridge.sources.source import AccessRules
from tests.support import sample_webhooks as samples
from tests.support.bridge_commands import REQUEST, batch, listed, outcome, refused, run
from tests.support.moto_deployment import (
    NOW,
    Bridge,
    describe_source,
    received,
)

MINUTE = timedelta(minutes=1)


def test_why_prints_the_history_of_a_delivery(bridge: Bridge) -> None:
    bridge.buried("d-1", source="stripe", kind=DeadClass.TOO_LARGE)

    logged = run("why", "d-1")

    assert "stripe d-1" in logged
    assert "it is a dead letter" in logged
    assert "too large" in logged
    assert "the inlet returned 400" in logged


def test_why_prints_what_is_noted_of_the_message(bridge: Bridge) -> None:
    note = "the message has no identity, since Identity.Email (body.email) gives none"
    bridge.deliveries.delivered(replace(received("d-1"), note=note), "flow", "1:2:3")
    bridge.deliveries.delivered_all([(replace(received("d-2"), note=note), "1:2:4")], "flow")
    bridge.deliveries.delivered(received("d-3"), "flow", "1:2:5")

    for each in ("d-1", "d-2"):
        assert f"note {note}" in " ".join(run("why", each).split())
    assert listed("why", "d-1")["found"][0]["note"] == note
    assert "note" not in run("why", "d-3")


def test_why_names_what_converts_a_value_of_another_type(bridge: Bridge) -> None:
    reason = "the message does not fit its schema: type at n: expected integer, got string"
    bridge.deliveries.postponed(received("d-1"), reason, NOW)

    assert f"{reason}; in a Map, number() converts it" in " ".join(run("why", "d-1").split())
    assert listed("why", "d-1")["found"][0]["reason"] == reason


def test_why_of_a_dead_letter_names_the_next_command(bridge: Bridge) -> None:
    bridge.buried("d-1", source="stripe")

    said = "`inlet dead-letters redrive --id d-1 --source stripe` sends it again;"
    assert said in run("why", "d-1")
    assert said in listed("why", "d-1")["found"][0]["advice"]
    run("dead-letters", "drop", "--yes")
    assert "what to do" not in run("why", "d-1"), "its body is not kept"


def test_why_finds_a_delivery_of_a_deleted_source_by_its_name(bridge: Bridge) -> None:
    bridge.deliveries.delivered(received("d-1", source="gone"), "flow", "1:2:3")

    assert "see --source" in run("why", "d-1", status=1)
    assert "gone d-1" in run("why", "d-1", "--source", "gone")


def test_why_of_a_delivery_of_another_source_names_that_one(bridge: Bridge) -> None:
    bridge.log("Receiver", outcome("delivered", "d-1"), ago=MINUTE)

    said = run("why", "d-1", "--source", "stripe", status=1)
    assert "d-1 is a delivery of github, and not of stripe" in said
    assert "`inlet why d-1 --source github` shows it." in said
    assert "x-" not in run("why", "d-1", "--source", "github")


def test_why_prints_the_log_of_a_delivery_that_its_content_identifies(bridge: Bridge) -> None:
    by_content = replace(received("d-1"), key=content_key([b"{}"]))
    bridge.deliveries.delivered(by_content, "flow", "1:2:3")
    hour = timedelta(hours=1)
    bridge.log("Receiver", outcome("buffered", "d-1"), outcome("delivered", "d-10"), ago=2 * hour)
    bridge.log("Forwarder", batch("d-0", "d-1"), ago=hour)

    logged = run("why", "d-1")

    assert logged.index("buffered") < logged.index("x-d-1")
    assert "d-0" not in logged
    assert "d-10" not in logged


def test_why_explains_an_unknown_delivery(bridge: Bridge) -> None:
    said = run("why", "d-1", status=1)
    assert "`inlet deliveries SOURCE` lists whole IDs, with --refused those of rejected" in said
    assert "Or it never arrived" in said
    assert "An event of EventBridge arrives only if it is on the bus EventBusName" in said


def test_why_explains_a_rejected_request(bridge: Bridge) -> None:
    """The response to the sender has the ID of the request, and never the reason."""
    bridge.log("Receiver", refused(), refused("other", reason="too old"), ago=MINUTE)

    logged = run("why", REQUEST)
    assert "refused with 401" in logged
    assert "no signature matches" in logged
    assert "too old" not in logged
    [found] = listed("why", REQUEST)["found"]
    assert (found["status"], found["reason"]) == (401, "no signature matches")
    assert "The secret differs" in found["advice"]
    assert "With curl, send a file with --data-binary" in found["advice"]
    assert found["more"] == "docs/troubleshooting.md, The sender gets 401"


def test_why_of_an_old_timestamp_names_the_command_that_signs_a_sample_anew(
    bridge: Bridge,
) -> None:
    bridge.log("Receiver", refused(reason="signed more than 300 s ago"), ago=MINUTE)

    logged = run("why", REQUEST)
    assert "Its timestamp is old. It is a sample, a late repetition, or a clock is wrong" in logged
    assert "`inlet send PROVIDER --body FILE` signs a sample with the current time" in logged


def test_way_out_of_a_rejection_has_the_name_of_the_parameter_and_never_its_value(
    bridge: Bridge,
) -> None:
    name = "/inlet-bridge/dev/secrets/github"
    boto3.client("ssm").put_parameter(Name=name, Value="CANARY", Type="SecureString")
    describe_source(secrets=(name,))
    bridge.log("Receiver", refused(), refused("gone-1", "gone"), ago=MINUTE)

    logged = run("why", REQUEST)
    assert f"The secret is in `{name}`: `inlet secret github --stage dev` replaces it." in logged
    assert "docs/troubleshooting.md, The sender gets 401" in logged
    assert "CANARY" not in logged
    assert "The secret differs" in run("why", "gone-1"), "its source was deleted"
    assert "inlet why REQUEST_ID" in run("deliveries", "github", "--refused")


@pytest.mark.parametrize("arguments", [("github",), ("--connection", "webhooks")])
def test_why_names_a_pause_and_the_way_out(
    bridge: Bridge, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "inlet_bridge.operations.configuration.pause._connection_of", lambda _: "webhooks"
    )
    bridge.deliveries.postponed(received("d-1"), "the inlet returned 503", NOW)
    assert "which is due: within minutes" in run("why", "d-1")
    run("pause", *arguments)

    logged = run("why", "d-1")
    assert f"paused {arguments[-1]}, since 20" in logged
    assert f"`inlet resume {' '.join(arguments)}`" in logged
    run("resume", *arguments)
    assert "paused" not in run("why", "d-1")


@pytest.mark.parametrize("arguments", [("github",), ("--connection", "webhooks")])
def test_why_of_a_resumed_delivery_names_the_longest_wait(
    bridge: Bridge, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The forwarder looks at what waited every five minutes."""
    monkeypatch.setattr(
        "inlet_bridge.operations.configuration.pause._connection_of", lambda _: "webhooks"
    )
    bridge.deliveries.claim(received("d-1"), NOW)
    bridge.deliveries.buffered(received("d-1"))
    tried = "the forwarder looks at it within 5 min: it was buffered and not yet tried again"
    assert f"next attempt {tried}" in run("why", "d-1")
    run("pause", *arguments)
    run("resume", *arguments)

    logged = run("why", "d-1")
    assert "next attempt by 20" in logged
    assert "its pause has ended, and what waited for it is tried within 5 min" in logged
    assert "within seconds" not in logged


def test_why_of_what_was_just_received_expects_an_attempt_within_seconds(bridge: Bridge) -> None:
    delivery = replace(received("d-1"), received_at=datetime.now(UTC))
    bridge.deliveries.claim(delivery, NOW)
    bridge.deliveries.buffered(delivery)

    assert "next attempt within seconds: it was buffered" in run("why", "d-1")


def test_why_takes_an_xaction_id(bridge: Bridge) -> None:
    bridge.deliveries.delivered(received("d-1"), "flow", "1796009221726:1018:8")
    bridge.log("Receiver", outcome("delivered", "d-1", xaction_id="1796009221726:1018:8"))

    logged = run("why", "1796009221726:1018:8")

    assert "1796009221726:1018:8 is the xactionId of d-1." in logged
    assert "delivery github d-1" in logged


@pytest.mark.usefixtures("bridge")
def test_why_of_the_id_of_an_accepted_request_says_what_finds_it() -> None:
    logged = run("why", "XyZ1aH2ULiAEJfg=", status=1)

    assert "The ID of an accepted request is not logged: it is found by its delivery ID" in logged


def test_why_names_a_settling_flow_and_its_end(bridge: Bridge) -> None:
    until = (datetime.now(UTC) + timedelta(minutes=4)).replace(microsecond=0)
    source = replace(samples.source(), name="github")
    flows = {name: replace(flow, ready_at=until) for name, flow in source.flows.items()}
    document = replace(source, flows=flows).to_document()
    name = "/inlet-bridge/dev/sources/github"
    boto3.client("ssm").put_parameter(Name=name, Value=document, Overwrite=True)
    bridge.deliveries.postponed(received("d-1"), "", NOW)

    logged = run("why", "d-1")

    assert "settling the flow events was created or changed, until" in logged
    assert f"next attempt {until.isoformat()}, when the flow has settled" in logged
    assert "settling" in listed("why", "d-1")["found"][0]


def test_why_shows_the_next_attempt(bridge: Bridge) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    bridge.deliveries.postponed(received("d-1"), "the inlet returned 503", later)

    assert f"next attempt {later.isoformat(timespec='seconds')[:16]}" in run("why", "d-1")


def test_why_of_another_address_names_those_that_are_allowed(bridge: Bridge) -> None:
    describe_source("github", access_rules=AccessRules(allowed_cidrs=("192.0.2.0/24",)))
    bridge.log("Receiver", refused(reason="the source IP is not allowed"), ago=MINUTE)

    said = " ".join(run("why", REQUEST).split())

    assert "github has AllowedCidrs 192.0.2.0/24." in said
    assert "inlet secret" not in said
