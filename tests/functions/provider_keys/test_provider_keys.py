"""Tests of the receiver with providers whose public keys it fetches.

The sites of the providers are replaced where requests to them are sent.
"""

from http import HTTPStatus

from bridge.adapters.http.public_https import Page
from inlet_bridge.senders.keys import AUTHORITY_NAME, authority, certificate
from inlet_bridge.senders.private_keys import CERTIFICATE_URL
from tests.support.delivery_cloud import DeliveryCloud
from tests.support.provider_key_sites import (
    AMAZONS,
    FORGERS,
    PEM,
    PEM_OF_OTHERS,
    SNS,
    Sites,
    naming,
    webhook,
)
from tests.support.sender_response import Response

PATH = "/SimpleNotificationService-abc.pem"


def is_refused(cloud: DeliveryCloud, answer: Response) -> bool:
    return (
        answer.status == HTTPStatus.UNAUTHORIZED
        and cloud.adobe.ledger.received == ()
        and cloud.depth()["ready"] == 0
    )


def test_genuine_sns_message_is_delivered(cloud: DeliveryCloud, sites: Sites) -> None:
    answer = cloud.receive(webhook(SNS, AMAZONS))

    assert answer.status == HTTPStatus.OK
    assert len(cloud.adobe.ledger.received) == 1
    assert sites.asked == [CERTIFICATE_URL]


# A bucket named `sns` has hosts of the form sns.….amazonaws.com.
HOSTS_OF_OTHERS = (
    "sns.s3-us-west-2.amazonaws.com",
    "sns.s3-eu-west-1.amazonaws.com",
    "sns.s3.amazonaws.com",
    "sns.s3.eu-west-1.amazonaws.com",
    "sns.s3.dualstack.eu-west-1.amazonaws.com",
    "sns.s3-website-eu-west-1.amazonaws.com",
    "sns.s3-accelerate.amazonaws.com",
    "sns.s3-fips.amazonaws.com",
    "sns.s3.cn-north-1.amazonaws.com.cn",
    "sns.execute-api.amazonaws.com",
    "sns.us-east-1.amazonaws.com",
    "sns.cn-north-1.amazonaws.com.cn",
    "sns.eu-west-1.amazonaws.com.cn",
    "sns.eu-nowhere-1.amazonaws.com",
    "sns.eu-west-1.amazonaws.com.evil.example",
    "sns.eu-west-1.amazonaws.com.",
    "sns.eu-west-1.amazonaws.com:443",
    "evil.example@sns.eu-west-1.amazonaws.com",
    "SNS.eu-west-1.amazonaws.com",
    "sns-eu-west-1.amazonaws.com",
    "xsns.eu-west-1.amazonaws.com",
    "s3.eu-west-1.amazonaws.com",
    "sns.eu%2dwest-1.amazonaws.com",
)
OTHER_PATHS = (
    "/evil.pem",
    "/SimpleNotificationService.pem",
    "/SimpleNotificationService-.pem",
    "/SimpleNotificationService-xyz.pem",
    "/SimpleNotificationService-ABC.pem",
    "/SimpleNotificationService-abc.pem/",
    "/SimpleNotificationService-abc.pem?a=b",
    "/SimpleNotificationService-abc.pem#a",
    "/SimpleNotificationService-abc.pem.pem",
    "/SimpleNotificationService-abcXpem",
    "//SimpleNotificationService-abc.pem",
    "/x/SimpleNotificationService-abc.pem",
    "/?SimpleNotificationService-abc.pem",
)


def test_no_certificate_is_fetched_from_a_host_that_others_can_register(
    cloud: DeliveryCloud, sites: Sites
) -> None:
    """Such a host could even serve a certificate in the name of SNS."""
    sites.otherwise = lambda: Page(200, PEM_OF_OTHERS.encode())
    urls = [f"https://{host}{PATH}" for host in HOSTS_OF_OTHERS]
    urls += [CERTIFICATE_URL.removesuffix(PATH) + path for path in OTHER_PATHS]

    for url in urls:
        assert is_refused(cloud, cloud.receive(naming(url))), url
    assert sites.asked == []


def test_certificate_from_an_allowed_host_must_be_issued_by_amazon(
    cloud: DeliveryCloud, sites: Sites
) -> None:
    issuer = (AUTHORITY_NAME, authority())
    for forged in (
        certificate(FORGERS, "sns.amazonaws.com"),
        certificate(FORGERS, "sns.amazonaws.com", (AUTHORITY_NAME, FORGERS)),
        certificate(FORGERS, "evil.example", issuer),
        certificate(FORGERS, "sns.amazonaws.com.evil.example", issuer),
        certificate(FORGERS, "sns-signing.us-east-1.amazonaws.com", issuer),
        PEM,
        "",
        "<html>",
    ):
        sites.publish(CERTIFICATE_URL, forged)
        cloud.restart()

        assert is_refused(cloud, cloud.receive(naming(CERTIFICATE_URL)))


def test_url_without_a_key_is_rejected(cloud: DeliveryCloud) -> None:
    url = CERTIFICATE_URL.replace("abc", "0" * 32)

    assert is_refused(cloud, cloud.receive(naming(url)))
