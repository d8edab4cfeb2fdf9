"""Tests of senders that register their own secret: provisioner and receiver.

`tests/support/leak_detection.py` asserts that no secret is printed or logged.
"""

import json

import boto3
import pytest

from tests.support.delivery_cloud import DeliveryCloud
from tests.support.registering_clouds import container, expire_registration, refused, warm_container
from tests.support.registrations import (
    CUSTOM,
    OTHER,
    PATH_TOKEN,
    SENDERS,
    VENDOR,
    bringing,
    captured,
    captured_name,
    conflicts,
    deploy,
    deployed,
    request,
    webhook,
)

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


def test_registration_without_an_access_rule_is_rejected(cloud: DeliveryCloud) -> None:
    for sender in SENDERS:
        for cidrs in ([], *EVERYBODY):
            answer = deploy(cloud, sender, PathTokens=[], AllowedCidrs=cidrs)

            assert answer["Status"] == "FAILED", cidrs
            assert "Registration: needs PathTokens, or AllowedCidrs" in answer["Reason"]
    assert not [name for name in cloud.provisioned.parameters() if "asana" in name]


def test_registration_with_an_access_rule_is_deployed(cloud: DeliveryCloud) -> None:
    for cidrs in (["192.0.2.0/24"], ["10.0.0.0/8", "198.51.100.7/32"], ["2001:db8::/32"]):
        deployed(cloud, "asana", PathTokens=[], AllowedCidrs=cidrs)
    deployed(cloud, "asana", PathTokens=[PATH_TOKEN], AllowedCidrs=["0.0.0.0/0"])


def test_registration_whose_secret_cannot_be_captured_or_used_is_rejected(
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


@pytest.mark.parametrize("sender", SENDERS)
def test_first_secret_is_stored_and_a_different_one_logs_an_error(
    cloud: DeliveryCloud, sender: str
) -> None:
    deployed(cloud, sender)
    other_container = warm_container(cloud, sender)
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
def test_repeated_registration_gets_the_same_response(cloud: DeliveryCloud, sender: str) -> None:
    deployed(cloud, sender)
    other_container = warm_container(cloud, sender)
    first = cloud.receive(bringing(sender, VENDOR))

    assert cloud.receive(bringing(sender, VENDOR)) == first
    with container(other_container):
        assert cloud.receive(bringing(sender, VENDOR)) == first
    expire_registration(sender)
    cloud.restart()
    assert cloud.receive(bringing(sender, VENDOR)) == first
    deployed(cloud, sender)  # The secret is stored, so the document no longer waits for one.
    cloud.restart()
    assert cloud.receive(bringing(sender, VENDOR)) == first
    assert conflicts(cloud) == []
    assert captured(sender) == VENDOR


@pytest.mark.parametrize("faster", [OTHER, VENDOR])
def test_of_two_concurrent_secrets_one_is_stored(cloud: DeliveryCloud, faster: str) -> None:
    deployed(cloud, "asana")
    session = boto3.DEFAULT_SESSION
    assert session
    came: list[str] = []

    def be_faster(**_: object) -> None:
        if not came:
            came.append(faster)
            # Uses its own session: this call is not checked against the role of the function.
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


def test_webhook_is_never_interpreted_as_a_repeated_registration(
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
    assert len(cloud.adobe.ledger.received) == 2  # The first request registered the secret.


def test_handshake_with_a_wrong_token_is_counted_with_its_status(cloud: DeliveryCloud) -> None:
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
