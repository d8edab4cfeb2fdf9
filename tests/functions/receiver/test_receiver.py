"""Tests of the receiver: recorded events, resources of the template, an emulated Adobe."""

from pathlib import Path

import boto3
import pytest

from bridge.telemetry import logger
from tests.support.delivery_cloud import SOURCE_DOCUMENT, DeliveryCloud
from tests.support.webhook_events import EVENTS, SQUARE_URLS, body_of, signed


def entity(content: bytes) -> bytes:
    """Return the entity that an enveloped message contains, without parsing it."""
    return content.partition(b'"xdmEntity":')[2].removesuffix(b"}}")


def test_signed_webhook_is_in_the_inlet_when_the_sender_gets_200(cloud: DeliveryCloud) -> None:
    sent = signed("github-signed")

    answer = cloud.receive(sent)

    [message] = cloud.adobe.ledger.received
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.document == {
        "status": "delivered",
        "delivery_id": sent["headers"]["x-github-delivery"],
        "flow": "orders",
        "flow_id": message.flow_id,
        "xactionId": message.xaction_id,
    }
    assert entity(message.content) == body_of(sent)
    assert message.headers["x-adobe-flow-id"] == message.flow_id
    assert message.authenticated
    assert cloud.depth() == {"ready": 0, "later": 0, "taken": 0}
    [record] = cloud.records()
    assert record["state"] == "delivered"
    assert record["xaction_id"] == message.xaction_id


def test_signature_remains_valid_after_the_conversion_by_api_gateway(
    cloud: DeliveryCloud,
) -> None:
    for sender in ("stripe", "slack", "shopify", "gitlab", "square"):
        cloud.configure(sender)
    sent = [
        signed(name)
        for name in (
            *("github-base64", "github-non-ascii", "github-joined-headers", "stripe-signed"),
            *("slack-signed", "shopify-signed", "gitlab-signed", *SQUARE_URLS),
        )
    ]

    assert [cloud.receive(event).status for event in sent] == [200] * len(sent)
    assert [entity(message.content) for message in cloud.adobe.ledger.received] == [
        body_of(event) for event in sent
    ]


def test_warm_container_reuses_the_token_and_the_source_document(
    cloud: DeliveryCloud,
) -> None:
    cloud.receive(signed("github-signed"))
    boto3.client("ssm").delete_parameter(Name=f"{SOURCE_DOCUMENT}github")

    for name in ("github-base64", "github-non-ascii", "github-joined-headers"):
        assert cloud.receive(signed(name)).status == 200
    assert len(cloud.adobe.ledger.received) == 4
    assert cloud.adobe.ims.minted == 1


def test_expired_token_is_renewed_once(cloud: DeliveryCloud) -> None:
    cloud.receive(signed("github-signed"))
    minted = cloud.adobe.ims.minted
    cloud.adobe.ims.revoke_all()

    assert cloud.receive(signed("github-base64")).status == 200
    assert cloud.adobe.ims.minted == minted + 1


def test_log_has_the_outcome_of_a_webhook_without_its_content(
    cloud: DeliveryCloud,
) -> None:
    cloud.receive(signed("github-signed"))

    line = cloud.lines()[-1]
    assert (line["message"], line["source"]) == ("delivered", "github")
    assert line["xaction_id"] == cloud.adobe.ledger.received[0].xaction_id
    for text in (
        "octocat",
        "Found a bug",
        signed("github-signed")["headers"]["x-hub-signature-256"],
    ):
        assert text not in cloud.log.getvalue()


def test_sampled_invocations_log_at_debug_level(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    def messages(rate: str) -> list[str]:
        monkeypatch.setattr(logger, "sampling_rate", rate)
        logger.refresh_sample_rate_calculation()
        before = len(cloud.lines())
        assert (
            cloud.receive(
                signed("github-signed", headers={"x-github-delivery": f"debug-{rate}"})
            ).status
            == 200
        )
        return [line["message"] for line in cloud.lines()[before:]]

    quiet = messages("0.0")
    output = messages("1.0")
    monkeypatch.undo()
    logger.setLevel("INFO")

    assert "inlet response" not in quiet
    assert {"verified", "inlet response"} <= set(output)


def test_every_sample_event_is_used_by_a_test() -> None:
    files = Path(__file__).parent.glob("test_receiver*.py")
    text = "".join(file.read_text() for file in files)

    unused = [
        path.stem
        for path in EVENTS.glob("*.json")
        if f'"{path.stem}"' not in text and path.stem not in SQUARE_URLS
    ]
    assert unused == []
