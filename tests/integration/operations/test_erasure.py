"""`inlet erase` on moto: what is kept, waits or is dead."""

import json
from copy import replace

import boto3
import pytest
from typer.testing import CliRunner

from bridge.delivery.record import State
from inlet_bridge.cli.main import app
from tests.support import sample_webhooks as samples
from tests.support.erasures import OTHER, PERSON, keep, run, states, wait, webhook
from tests.support.moto_deployment import Bridge, texts


def test_everything_of_a_person_is_erased_and_the_rest_stays(bridge: Bridge) -> None:
    keep(bridge, webhook("k-1"), webhook("k-2", OTHER), webhook("k-3", source="stripe"))
    wait(bridge, webhook("w-1"), webhook("w-2", OTHER))
    body = webhook("d-1").body
    bridge.buried("d-1", changes={"body": body})
    bridge.buried("d-2")

    result = run("--yes")

    assert result.exit_code == 0, result.output
    assert [each.delivery_id for each in bridge.kept.deliveries()] == ["k-2"]
    assert [each.delivery_id for each in bridge.waiting()] == ["w-2"]
    assert bridge.dead() == {"d-2"}
    erased = {name for name, state in states(bridge).items() if state == State.ERASED}
    assert erased == {"w-1", "d-1"}
    report = " ".join(result.output.replace("│", " ").split())
    for line in (
        "dead letters github 2 1",
        "kept bodies github 2 1",
        "kept bodies stripe 1 1",
        "waiting messages github 2 1",
        "together 7 4",
    ):
        assert line in report


def test_erased_delivery_is_no_longer_open(bridge: Bridge) -> None:
    wait(bridge, webhook("w-1"))
    bridge.buried("d-1", changes={"body": webhook("d-1").body})

    assert run("--yes").exit_code == 0

    audit = CliRunner().invoke(app, ["audit"])
    assert audit.exit_code == 0
    assert "in the queues" in audit.output
    assert not bridge.attempts_may_begin(webhook("w-1"))


def test_dry_run_changes_nothing(bridge: Bridge) -> None:
    keep(bridge, webhook("k-1"))
    wait(bridge, webhook("w-1"))

    result = run("--dry-run")

    assert (result.exit_code, "Nothing was changed." in result.output) == (0, True)
    assert len(bridge.kept.items()) == len(bridge.waiting()) == 1
    assert states(bridge) == {"w-1": "buffered"}


def test_without_confirmation_nothing_is_erased(bridge: Bridge) -> None:
    keep(bridge, webhook("k-1"))

    assert run(answer="n\n").exit_code == 1
    assert len(bridge.kept.items()) == 1
    assert run(answer="y\n").exit_code == 0
    assert bridge.kept.items() == []


def test_kept_webhook_of_several_events_is_erased_if_one_is_selected(bridge: Bridge) -> None:
    source = replace(samples.source(), name="github", split="body.events")
    boto3.client("ssm").put_parameter(
        Name="/inlet-bridge/dev/sources/github", Value=source.to_document(), Overwrite=True
    )
    events = [{"email": PERSON}, {"email": OTHER}]
    body = json.dumps({"events": events}).encode()
    keep(bridge, webhook("k-1", body=body), webhook("k-2", body=b'{"events": []}'))
    parts = [
        webhook(f"k-1/{n}", key=f"part:{n}/id:k-1", kind="event", body=json.dumps(event).encode())
        for n, event in enumerate(events)
    ]
    wait(bridge, *(replace(part, kept="id:k-1") for part in parts))

    assert run("--yes").exit_code == 0
    assert [each.delivery_id for each in bridge.kept.deliveries()] == ["k-2"]
    assert [each.delivery_id for each in bridge.waiting()] == ["k-1/1"]


def test_parts_of_a_webhook_that_is_selected_as_a_whole_are_erased(bridge: Bridge) -> None:
    keep(bridge, webhook("k-1"))
    part = webhook("k-1/0", key="part:0/id:k-1", kind="event", body=b'{"no": "email"}')
    wait(bridge, replace(part, kept="id:k-1"))

    assert run("--yes").exit_code == 0
    assert bridge.waiting() == []


def test_one_source_only(bridge: Bridge) -> None:
    keep(bridge, webhook("k-1"), webhook("k-2", source="gone"))
    wait(bridge, webhook("w-1"))

    assert run("--yes", "--source", "gone").exit_code == 0
    assert [each.delivery_id for each in bridge.kept.deliveries()] == ["k-1"]
    assert len(bridge.waiting()) == 1


@pytest.mark.parametrize("option", ["--yes", "--dry-run"])
def test_source_of_which_nothing_is_stored_is_mentioned(bridge: Bridge, option: str) -> None:
    keep(bridge, webhook("k-1"))

    assert "Nothing of a source githbu is stored" in run(option, "--source", "githbu").output
    assert "Nothing of a source" not in run(option, "--source", "github").output


def test_nothing_is_asked_about_a_source_of_which_nothing_is_stored(bridge: Bridge) -> None:
    keep(bridge, webhook("k-1"))

    misspelled = run("--source", "githbu")
    assert misspelled.exit_code == 0
    assert "no source has this name; is it github?" in " ".join(misspelled.output.split())
    assert "Erase these" not in misspelled.output
    assert "Nothing was changed." in misspelled.output

    known = run("--source", "stripe")
    assert "Nothing of a source stripe is stored; waiting events" in " ".join(known.output.split())
    assert "Erase these" not in known.output


def test_event_that_no_forwarder_has_accepted_is_erased(bridge: Bridge) -> None:
    sqs = boto3.client("sqs")
    for email in (PERSON, OTHER):
        sqs.send_message(QueueUrl=bridge.events_url, MessageBody=json.dumps({"email": email}))

    assert run("--yes").exit_code == 0
    assert texts(bridge.events_url) == [json.dumps({"email": OTHER})]


def test_what_cannot_be_examined_is_counted(bridge: Bridge) -> None:
    keep(bridge, webhook("k-1", kind="received", body=b"\xff"), webhook("k-2"))
    boto3.client("sqs").send_message(QueueUrl=bridge.dead_letters_url, MessageBody="no JSON")

    result = run("--yes")

    report = " ".join(result.output.split())
    assert result.exit_code == 1
    assert "1 kept bodies were not examined: the body cannot be read" in report
    assert "1 dead letters were not examined: it is neither a delivery nor JSON" in report
    assert [each.delivery_id for each in bridge.kept.deliveries()] == ["k-1"]


def test_expression_that_fails_is_no_silent_no(bridge: Bridge) -> None:
    keep(bridge, webhook("k-1"))

    result = run("--yes", where="contains(body.missing, 'x')")

    assert result.exit_code == 1
    assert "the expression fails: contains()" in " ".join(result.output.split())
    assert len(bridge.kept.items()) == 1


def test_invalid_expression_is_refused(bridge: Bridge) -> None:
    assert bridge.table

    result = run(where="body..")

    assert result.exit_code == 1
    assert "--where is not a JMESPath expression" in result.output


@pytest.mark.parametrize(("options", "status"), [((), 1), (("--source", "stripe"), 0)])
def test_damaged_body_is_reported_and_the_others_are_erased(
    bridge: Bridge, options: tuple[str, ...], status: int
) -> None:
    keep(bridge, webhook("k-1"), webhook("k-2"), webhook("k-3", source="stripe"))
    bridge.kept.damage("k-1")

    result = run("--yes", *options)

    assert result.exit_code == status, result.output
    report = " ".join(result.output.split())
    assert ("1 kept bodies were not examined: the body that was kept at" in report) == bool(status)
    assert "CANARY" not in report
    assert len(bridge.kept.items()) == (1 if status else 2)


def test_dead_letter_that_cannot_be_examined_is_named_with_the_way_out(bridge: Bridge) -> None:
    bridge.buried("d-1", changes={"body": b"no JSON"})

    report = " ".join(run("--yes").output.split())

    assert "1 dead letters were not examined: the body cannot be read: the body is not" in report
    assert "Error:" not in report
    assert "Of the dead letters: d-1 of github." in report
    assert "`inlet dead-letters drop --id d-1 --source github` deletes one without" in report


@pytest.mark.parametrize("option", ["--yes", "--dry-run"])
@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("body.emial == 'a@example.com'", "body.emial; is it body.email?"),
        ("lower(body.emial) == 'a' || body.id == 'k-1'", "body.emial; is it body.email?"),
        ("body.email.address == 'a'", "body.email.address"),
        ("body.items[?zz == 'a']", "body.items"),
    ],
)
def test_field_that_nothing_has_is_named(
    bridge: Bridge, option: str, where: str, said: str
) -> None:
    keep(bridge, webhook("k-1"))

    report = " ".join(run(option, where=where).output.split())

    assert f"! nothing that was examined has {said}" in report


def test_field_that_one_of_several_has_is_not_named(bridge: Bridge) -> None:
    keep(bridge, webhook("k-1"), webhook("k-2", body=b'{"email": null, "other": {}}'))

    for where in ("body.other == 'a'", "body.email == 'a'", "event_type == 'a'"):
        assert "nothing that was examined" not in run("--dry-run", where=where).output
