"""Tests of senders that register their own secret: provisioner and receiver.

`tests/support/leak_detection.py` asserts that no secret is printed or logged.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import replace
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


def expire_registration(sender: str) -> None:
    """Set the end of the registration to an hour ago."""
    ssm, name = boto3.client("ssm"), SOURCE_DOCUMENT + sender
    source = Source.from_document(ssm.get_parameter(Name=name)["Parameter"]["Value"])
    assert source.registration_until
    past = replace(source, registration_until=datetime.now(UTC) - timedelta(hours=1))
    ssm.put_parameter(Name=name, Value=past.to_document(), Overwrite=True)


@contextmanager
def container(receiver: Receiver) -> Iterator[None]:
    """Handle the requests of the block in a container that already runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(handler, "receiver", lambda: receiver)
        yield


def warm_container(cloud: DeliveryCloud, sender: str) -> Receiver:
    """Return a container that has cached the current source document."""
    cloud.restart()
    cloud.receive(webhook(sender, OTHER))
    running = receiver_wiring.receiver()
    cloud.restart()
    return running


def refused(answer: Response) -> bool:
    """Whether the response is that of any request without a credential."""
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


# The first secret, and every other secret.


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


# Requests that register nothing.


def test_no_secret_is_captured_after_the_registration_expires(cloud: DeliveryCloud) -> None:
    deployed(cloud, "asana")
    knows_the_hour = warm_container(cloud, "asana")
    expire_registration("asana")

    assert cloud.receive(bringing("asana", VENDOR)).status >= 400
    with container(knows_the_hour):
        assert cloud.receive(bringing("asana", VENDOR)).status >= 400
    assert captured("asana") is None


def test_source_without_a_registration_captures_no_secret(cloud: DeliveryCloud) -> None:
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


def test_request_that_fails_the_access_rules_registers_nothing(cloud: DeliveryCloud) -> None:
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
def test_value_that_is_not_a_secret_is_neither_captured_nor_a_conflict(
    cloud: DeliveryCloud, secret: str
) -> None:
    deployed(cloud, "notion")
    assert cloud.receive(bringing("notion", secret)).status == 503
    assert captured("notion") is None

    assert cloud.receive(bringing("notion", VENDOR)).status == 200
    assert refused(cloud.receive(bringing("notion", secret)))
    assert conflicts(cloud) == []


def test_value_that_is_not_a_key_of_the_scheme_is_not_captured(cloud: DeliveryCloud) -> None:
    scheme = {**CUSTOM["Scheme"], "Key": "hex"}
    deployed(cloud, "custom", Scheme=scheme)

    assert cloud.receive(bringing("custom", "z" * 64)).status == 503
    assert captured("custom") is None
    assert cloud.receive(bringing("custom", "0f" * 32)).status == 200
    assert captured("custom") == "0f" * 32


# Recovery.


def delete_and_deploy_again(cloud: DeliveryCloud) -> str:
    """Redeploy the source at the same URL."""
    boto3.client("ssm").delete_parameter(Name=captured_name("asana"))
    deployed(cloud, "asana")
    return TOKEN


def delete_and_deploy_at_another_url(cloud: DeliveryCloud) -> str:
    """Redeploy the source at another URL, which the first client does not know."""
    boto3.client("ssm").delete_parameter(Name=captured_name("asana"))
    deployed(cloud, "asana", PathTokens=[NEW_PATH_TOKEN])
    return NEW_TOKEN


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("recover", [delete_and_deploy_again, delete_and_deploy_at_another_url])
def test_operator_recovers_from_an_unauthorized_registration(
    cloud: DeliveryCloud, recover: Callable[[DeliveryCloud], str], *, late: bool
) -> None:
    deployed(cloud, "asana")
    assert cloud.receive(bringing("asana", OTHER)).status == 200
    assert cloud.receive(webhook("asana", OTHER)).status == 200
    assert refused(cloud.receive(bringing("asana", VENDOR)))
    assert len(conflicts(cloud)) == 1
    if late:
        expire_registration("asana")

    token = recover(cloud)
    if token != TOKEN:
        cloud.restart()  # A minute later, no container has the former URL in its cache.

    assert cloud.receive(bringing("asana", VENDOR, token)).status == 200
    assert captured("asana") == VENDOR
    assert cloud.receive(webhook("asana", VENDOR, 2, token)).status == 200
    assert refused(cloud.receive(webhook("asana", OTHER, 3, token)))


def test_client_with_the_former_url_cannot_register_after_the_recovery(
    cloud: DeliveryCloud,
) -> None:
    deployed(cloud, "asana")
    knows_the_former = warm_container(cloud, "asana")
    cloud.receive(bringing("asana", OTHER))
    delete_and_deploy_at_another_url(cloud)

    with container(knows_the_former):
        assert cloud.receive(bringing("asana", OTHER)).status == 404
    assert captured("asana") is None
    cloud.restart()
    assert cloud.receive(bringing("asana", OTHER)).status == 404
    assert cloud.receive(bringing("asana", VENDOR, NEW_TOKEN)).status == 200


# Handshakes that present a token.


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
