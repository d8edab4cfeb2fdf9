"""Senders that sign with a private key, whose public key the receiver stores or fetches."""

import json
import zlib
from collections.abc import Callable, Mapping

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from inlet_bridge.senders.keys import (
    AUTHORITY_NAME,
    authority,
    certificate,
    ed25519_key,
    ed25519_public,
    new_ed25519,
    new_p256,
    new_rsa,
    pem_key,
    public_pem,
    rsa_signed,
)
from inlet_bridge.senders.sender import Sender, Sending, b64, rfc3339, seconds, with_body

CERTIFICATE_URL = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-abc.pem"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:orders"
PAYPAL_URL = "https://api.paypal.com/v1/notifications/certs/CERT-360caa42"
ADOBE_PATH = "/prod/keys/pub-key-x7F.pem"


def _discord(it: Sending) -> dict[str, str]:
    signature = ed25519_key(it.secret).sign(seconds(it.at).encode() + it.body).hex()
    return {"x-signature-ed25519": signature, "x-signature-timestamp": seconds(it.at)}


def _telnyx(it: Sending) -> dict[str, str]:
    signature = b64(ed25519_key(it.secret).sign(seconds(it.at).encode() + b"|" + it.body))
    return {"telnyx-signature-ed25519": signature, "telnyx-timestamp": seconds(it.at)}


def _v1a(it: Sending) -> dict[str, str]:
    content = f"{it.delivery_id}.{seconds(it.at)}.".encode() + it.body
    return {
        "webhook-id": it.delivery_id,
        "webhook-timestamp": seconds(it.at),
        "webhook-signature": f"v1a,{b64(ed25519_key(it.secret).sign(content))}",
    }


def _sendgrid(it: Sending) -> dict[str, str]:
    key = pem_key(it.secret)
    assert isinstance(key, ec.EllipticCurvePrivateKey)  # noqa: S101 (for mypy: the file has such a key)
    content = seconds(it.at).encode() + it.body
    return {
        "x-twilio-email-event-webhook-signature": b64(key.sign(content, ec.ECDSA(hashes.SHA256()))),
        "x-twilio-email-event-webhook-timestamp": seconds(it.at),
    }


def _sendgrid_stored(secret: str) -> str:
    return "".join(public_pem(secret).decode().splitlines()[1:-1])


def _sns_message(it: Sending) -> dict[str, str]:
    """The signed content: the body within a notification, or the message in the body."""
    message = {
        "Message": it.body.decode(),
        "MessageId": it.delivery_id,
        "Timestamp": rfc3339(it.at),
        "TopicArn": TOPIC,
    }
    given = json.loads(it.body) if it.body.startswith(b'{"Type"') else {}
    return message | (given or {"Subject": "order.paid", "Type": "Notification"})


def _sns(version: str) -> Callable[[Sending], Sending]:
    """https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html."""

    def shape(it: Sending) -> Sending:
        signed = _sns_message(it)
        content = "".join(f"{name}\n{signed[name]}\n" for name in sorted(signed)).encode()
        algorithm = hashes.SHA1() if version == "1" else hashes.SHA256()  # noqa: S303 (SNS signs version 1 with it)
        document = {
            **signed,
            "SignatureVersion": version,
            "SigningCertURL": CERTIFICATE_URL,
            "Signature": rsa_signed(it.secret, content, algorithm),
        }
        return with_body(it, json.dumps(document, ensure_ascii=False).encode())

    return shape


def sns(version: str) -> Sender:
    """An SNS topic with this signature version."""
    return Sender(
        lambda _: {"x-amz-sns-message-type": "Notification"},
        shape=_sns(version),
        new_secret=new_rsa,
        stored=lambda _: "",
        published=lambda secret: {
            CERTIFICATE_URL: certificate(
                secret, "sns.amazonaws.com", (AUTHORITY_NAME, authority())
            ).encode()
        },
        content_type="text/plain; charset=UTF-8",
        constants={"topic_arn": TOPIC},
    )


def _paypal(it: Sending) -> dict[str, str]:
    time = rfc3339(it.at)
    content = f"{it.delivery_id}|{time}|WH-1|{zlib.crc32(it.body)}".encode()
    return {
        "paypal-transmission-id": it.delivery_id,
        "paypal-transmission-time": time,
        "paypal-cert-url": PAYPAL_URL,
        "paypal-auth-algo": "SHA256withRSA",
        "paypal-transmission-sig": rsa_signed(it.secret, content),
    }


def _paypal_published(secret: str) -> Mapping[str, bytes]:
    name = "messageverificationcerts.paypal.com"
    return {PAYPAL_URL: certificate(secret, name, (AUTHORITY_NAME, authority())).encode()}


def _adobe_shape(it: Sending) -> Sending:
    document = {**json.loads(it.body or b"{}"), "recipient_client_id": "client-1"}
    return with_body(it, json.dumps(document, ensure_ascii=False).encode())


def _adobe(it: Sending) -> dict[str, str]:
    return {
        "x-adobe-digital-signature-1": rsa_signed(it.secret, it.body),
        "x-adobe-public-key1-path": ADOBE_PATH,
    }


PRIVATE_KEYS = {
    "adobe_io_events": Sender(
        _adobe,
        shape=_adobe_shape,
        new_secret=new_rsa,
        stored=lambda _: "",
        published=lambda secret: {
            f"https://static.adobeioevents.com{ADOBE_PATH}": public_pem(secret)
        },
        constants={"client_id": "client-1"},
    ),
    "aws_sns_v1": sns("1"),
    "aws_sns_v2": sns("2"),
    "discord": Sender(_discord, new_secret=new_ed25519, stored=lambda s: ed25519_public(s).hex()),
    "paypal": Sender(
        _paypal,
        new_secret=new_rsa,
        stored=lambda _: "",
        published=_paypal_published,
        constants={"webhook_id": "WH-1"},
    ),
    "sendgrid": Sender(_sendgrid, new_secret=new_p256, stored=_sendgrid_stored),
    "standard_webhooks_v1a": Sender(
        _v1a, new_secret=new_ed25519, stored=lambda s: f"whpk_{b64(ed25519_public(s))}"
    ),
    "telnyx": Sender(_telnyx, new_secret=new_ed25519, stored=lambda s: b64(ed25519_public(s))),
}
