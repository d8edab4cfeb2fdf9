"""Senders that bring their secret: declared by the provisioner, registered at the receiver.

`tests/support/leak_detection.py` sees that no secret is printed or logged, whatever a test does.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from bridge.receiving.receiver import Receiver
from bridge.sources.source import Source
from functions.receiver import handler
from functions.receiver import wiring as receiver_wiring
from tests.support.delivery_cloud import SOURCE_DOCUMENT, DeliveryCloud, Response, delivery_cloud
from tests.support.registrations import (
    CUSTOM,
    NEW_PATH_TOKEN,
    NEW_TOKEN,
    OTHER,
    PATH_TOKEN,
    SENDERS,
    TOKEN,
    VENDOR,
    bringing,
    captured,
    captured_name,
    conflicts,
    deploy,
    deployed,
    put_path_tokens,
    request,
    webhook,
)


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    with delivery_cloud(monkeypatch) as cloud:
        put_path_tokens()
        yield cloud


def end_the_hour(sender: str) -> None:
    """Let the registration end an hour ago."""
    ssm, name = boto3.client("ssm"), SOURCE_DOCUMENT + sender
    source = Source.from_document(ssm.get_parameter(Name=name)["Parameter"]["Value"])
    assert source.registration_until
    past = replace(source, registration_until=datetime.now(UTC) - timedelta(hours=1))
    ssm.put_parameter(Name=name, Value=past.to_document(), Overwrite=True)


@contextmanager
def container(receiver: Receiver) -> Iterator[None]:
    """Let a container that already runs take the requests of the block."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(handler, "receiver", lambda: receiver)
        yield


def container_that_knows(cloud: DeliveryCloud, sender: str) -> Receiver:
    """A container that has read the source as it is now."""
    cloud.restart()
    cloud.receive(webhook(sender, OTHER))
    running = receiver_wiring.receiver()
    cloud.restart()
    return running


def refused(answer: Response) -> bool:
    """Whether the answer is the one that any request without a proof gets."""
    assert VENDOR not in answer.body + str(answer.headers)
    assert OTHER not in answer.body + str(answer.headers)
    return (answer.status, answer.document["title"]) == (401, "Unauthorized")


# Deployment.

EVERYBODY = [
    ["0.0.0.0/0"],
    ["::/0"],
    ["0.0.0.0/1", "128.0.0.0/1"],
    ["::/1", "8000::/1"],
    ["192.0.2.0/24", "0.0.0.0/0"],
    ["10.0.0.0/7"],
    ["2001::/31"],
    ["::ffff:0:0/96"],
    ["::ffff:0.0.0.0/97", "::ffff:128.0.0.0/97"],
    ["::/64"],
    [f"{first}.0.0.0/8" for first in range(256)],
    [f"{first}.{half}.0.0/9" for first in range(256) for half in (0, 128)],
    [f"{first:x}00::/40" for first in range(0x20, 0x24)] + ["2000::/3"],
]


def test_a_registration_that_everybody_could_make_is_refused(cloud: DeliveryCloud) -> None:
    for sender in SENDERS:
        for cidrs in ([], *EVERYBODY):
            answer = deploy(cloud, sender, PathTokens=[], AllowedCidrs=cidrs)

            assert answer["Status"] == "FAILED", cidrs
            assert "Registration: needs PathTokens, or AllowedCidrs" in answer["Reason"]
    assert not [name for name in cloud.provisioned.parameters() if "asana" in name]


def test_a_registration_behind_a_lock_is_deployed(cloud: DeliveryCloud) -> None:
    for cidrs in (["192.0.2.0/24"], ["10.0.0.0/8", "198.51.100.7/32"], ["2001:db8::/32"]):
        deployed(cloud, "asana", PathTokens=[], AllowedCidrs=cidrs)
    deployed(cloud, "asana", PathTokens=[PATH_TOKEN], AllowedCidrs=["0.0.0.0/0"])


def test_a_registration_whose_secret_would_never_arrive_or_be_used_is_refused(
    cloud: DeliveryCloud,
) -> None:
    [handshake] = CUSTOM["Handshakes"]
    for properties, sentence in (
        ({"Provider": "github"}, "Registration: needs a handshake with Capture"),
        ({"Handshakes": []}, "Registration: needs a handshake with Capture"),
        (
            {"Handshakes": [{**handshake, "Signed": "true"}]},
            "Handshakes: Capture requires Signed: false",
        ),
        (
            {"Provider": "paypal", "Constants": {"webhook_id": "WH-1"}, "Handshakes": [handshake]},
            "Registration: needs a sender with a shared secret",
        ),
        (
            {"Provider": "discord", "Handshakes": [handshake]},
            "Registration: needs a sender with a shared secret",
        ),
        (
            {"Verification": "none", "Handshakes": [handshake]},
            "Registration: needs a sender with a shared secret",
        ),
    ):
        answer = deploy(cloud, "asana", **properties)

        assert answer["Status"] == "FAILED", properties
        assert sentence in answer["Reason"]


# The first secret, and every other.


@pytest.mark.parametrize("sender", SENDERS)
def test_the_first_secret_counts_and_another_one_is_an_error_in_the_log(
    cloud: DeliveryCloud, sender: str
) -> None:
    deployed(cloud, sender)
    other_container = container_that_knows(cloud, sender)
    first = cloud.receive(bringing(sender, VENDOR))
    assert first.status == 200

    assert refused(cloud.receive(bringing(sender, OTHER)))
    [line] = conflicts(cloud)
    assert (line["level"], line["source"]) == ("ERROR", sender)
    assert line["parameter"] == captured_name(sender)
    with container(other_container):
        assert refused(cloud.receive(bringing(sender, OTHER)))
    assert len(conflicts(cloud)) == 2
    assert captured(sender) == VENDOR
    assert cloud.receive(webhook(sender, VENDOR)).status == 200
    assert refused(cloud.receive(webhook(sender, OTHER)))
    with container(other_container):
        assert cloud.receive(webhook(sender, VENDOR, 2)).status == 200


@pytest.mark.parametrize("sender", SENDERS)
def test_the_same_secret_gets_the_same_answer_again(cloud: DeliveryCloud, sender: str) -> None:
    deployed(cloud, sender)
    other_container = container_that_knows(cloud, sender)
    first = cloud.receive(bringing(sender, VENDOR))

    assert cloud.receive(bringing(sender, VENDOR)) == first
    with container(other_container):
        assert cloud.receive(bringing(sender, VENDOR)) == first
    end_the_hour(sender)
    cloud.restart()
    assert cloud.receive(bringing(sender, VENDOR)) == first
    deployed(cloud, sender)  # The secret is there, so the document waits for none any more.
    cloud.restart()
    assert cloud.receive(bringing(sender, VENDOR)) == first
    assert conflicts(cloud) == []
    assert captured(sender) == VENDOR


@pytest.mark.parametrize("faster", [OTHER, VENDOR])
def test_of_two_at_once_one_is_kept(cloud: DeliveryCloud, faster: str) -> None:
    deployed(cloud, "asana")
    session = boto3.DEFAULT_SESSION
    assert session
    came: list[str] = []

    def be_faster(**_: object) -> None:
        if not came:
            came.append(faster)
            # Of a session of its own: it is no call of the function, whose role it is not held to.
            boto3.Session().client("ssm").put_parameter(
                Name=captured_name("asana"), Value=faster, Type="SecureString"
            )

    session.events.register("before-call.ssm.PutParameter", be_faster)
    cloud.restart()
    answer = cloud.receive(bringing("asana", VENDOR))

    assert came
    assert captured("asana") == faster
    if faster == VENDOR:
        assert (answer.status, conflicts(cloud)) == (200, [])
    else:
        assert refused(answer)
        assert len(conflicts(cloud)) == 1


def test_a_webhook_is_never_taken_for_a_registration_that_is_repeated(
    cloud: DeliveryCloud,
) -> None:
    shown = {
        "Provider": None,
        "Scheme": {"Family": "token", "From": "header:x-secret"},
        "Handshakes": [
            {
                "When": ["method=POST", "header:x-secret"],
                "Signed": "false",
                "Capture": "header:x-secret",
            }
        ],
    }
    deployed(cloud, "shown", **shown)

    answers = [
        cloud.receive(request("shown", json.dumps({"id": n}).encode(), {"x-secret": VENDOR}))
        for n in range(3)
    ]

    assert [answer.status for answer in answers] == [200] * 3
    assert len(cloud.adobe.ledger.received) == 2  # The first one brought the secret.


# What captures nothing.


def test_nothing_is_captured_once_the_hour_is_over(cloud: DeliveryCloud) -> None:
    deployed(cloud, "asana")
    knows_the_hour = container_that_knows(cloud, "asana")
    end_the_hour("asana")

    assert cloud.receive(bringing("asana", VENDOR)).status >= 400
    with container(knows_the_hour):
        assert cloud.receive(bringing("asana", VENDOR)).status >= 400
    assert captured("asana") is None


def test_a_source_without_a_registration_captures_nothing(cloud: DeliveryCloud) -> None:
    boto3.client("ssm").put_parameter(
        Name=captured_name("asana"), Value=VENDOR, Type="SecureString"
    )
    answer = cloud.provisioned.send(
        "source-create", Name="asana", Provider="asana", Secrets=[captured_name("asana")]
    )
    assert answer["Status"] == "SUCCESS"

    assert refused(cloud.receive(bringing("asana", OTHER, token="")))
    assert captured("asana") == VENDOR
    assert conflicts(cloud) == []


def test_whoever_does_not_pass_the_locks_registers_nothing(cloud: DeliveryCloud) -> None:
    deployed(cloud, "asana", AllowedCidrs=["192.0.2.0/24"])
    elsewhere = bringing("asana", VENDOR)
    inside = bringing("asana", VENDOR, token="CANARY-guessed-token")
    inside["requestContext"]["http"]["sourceIp"] = "192.0.2.9"

    assert refused(cloud.receive(elsewhere))
    assert cloud.receive(inside).status == 404
    assert captured("asana") is None


@pytest.mark.parametrize(
    "secret",
    [
        *("short", "x" * 300, "with spaces " * 4, "ë" * 40, "a line\n" + "x" * 40),
        "{{ssm:/inlet-bridge/dev/secrets/adobe}}",
    ],
)
def test_what_is_no_secret_is_neither_captured_nor_a_conflict(
    cloud: DeliveryCloud, secret: str
) -> None:
    deployed(cloud, "notion")
    assert cloud.receive(bringing("notion", secret)).status == 503
    assert captured("notion") is None

    assert cloud.receive(bringing("notion", VENDOR)).status == 200
    assert refused(cloud.receive(bringing("notion", secret)))
    assert conflicts(cloud) == []


def test_a_text_that_is_no_key_of_the_scheme_is_not_captured(cloud: DeliveryCloud) -> None:
    scheme = {**CUSTOM["Scheme"], "Key": "hex"}
    deployed(cloud, "custom", Scheme=scheme)

    assert cloud.receive(bringing("custom", "z" * 64)).status == 503
    assert captured("custom") is None
    assert cloud.receive(bringing("custom", "0f" * 32)).status == 200
    assert captured("custom") == "0f" * 32


# Recovery.


def delete_and_deploy_again(cloud: DeliveryCloud) -> str:
    """The address stays as it was."""
    boto3.client("ssm").delete_parameter(Name=captured_name("asana"))
    deployed(cloud, "asana")
    return TOKEN


def delete_and_deploy_at_another_address(cloud: DeliveryCloud) -> str:
    """Whoever was first knows the former address."""
    boto3.client("ssm").delete_parameter(Name=captured_name("asana"))
    deployed(cloud, "asana", PathTokens=[NEW_PATH_TOKEN])
    return NEW_TOKEN


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("recover", [delete_and_deploy_again, delete_and_deploy_at_another_address])
def test_an_operator_recovers_from_somebody_elses_registration(
    cloud: DeliveryCloud, recover: Callable[[DeliveryCloud], str], *, late: bool
) -> None:
    deployed(cloud, "asana")
    assert cloud.receive(bringing("asana", OTHER)).status == 200
    assert cloud.receive(webhook("asana", OTHER)).status == 200
    assert refused(cloud.receive(bringing("asana", VENDOR)))
    assert len(conflicts(cloud)) == 1
    if late:
        end_the_hour("asana")

    token = recover(cloud)
    if token != TOKEN:
        cloud.restart()  # A minute later, no container knows the former address only.

    assert cloud.receive(bringing("asana", VENDOR, token)).status == 200
    assert captured("asana") == VENDOR
    assert cloud.receive(webhook("asana", VENDOR, 2, token)).status == 200
    assert refused(cloud.receive(webhook("asana", OTHER, 3, token)))


def test_whoever_knows_the_former_address_cannot_register_after_the_recovery(
    cloud: DeliveryCloud,
) -> None:
    deployed(cloud, "asana")
    knows_the_former = container_that_knows(cloud, "asana")
    cloud.receive(bringing("asana", OTHER))
    delete_and_deploy_at_another_address(cloud)

    with container(knows_the_former):
        assert cloud.receive(bringing("asana", OTHER)).status == 404
    assert captured("asana") is None
    cloud.restart()
    assert cloud.receive(bringing("asana", OTHER)).status == 404
    assert cloud.receive(bringing("asana", VENDOR, NEW_TOKEN)).status == 200


# Handshakes that show a token.


def test_a_handshake_with_another_token_is_counted_with_its_status(cloud: DeliveryCloud) -> None:
    boto3.client("ssm").put_parameter(
        Name="/inlet-bridge/dev/secrets/meta", Value=VENDOR, Type="SecureString"
    )
    answer = cloud.provisioned.send(
        "source-create", Name="meta", Provider="meta", Secrets=["/inlet-bridge/dev/secrets/meta"]
    )
    assert answer["Status"] == "SUCCESS"
    asked = request("meta", b"", {}, token="")
    asked["requestContext"]["http"]["method"] = "GET"
    asked["rawQueryString"] = "hub.mode=subscribe&hub.challenge=1&hub.verify_token=guessed"

    assert cloud.receive(asked).status == 403
    [line] = [line for line in cloud.lines() if line["message"] == "refused"]
    assert line["status"] == 403
