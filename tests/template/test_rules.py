"""Parameters that have no effect without another one are rejected before anything is created."""

import pytest

from inlet_bridge.local.deployment import EVENT_SOURCE
from tests.support.sam_template import sources_template, template
from tests.support.template_rules import violations

DOMAIN = {
    "DomainName": "hooks.example.com",
    "DomainCertificateArn": "arn:aws:acm:eu-west-1:111122223333:certificate/1",
}
TRUSTSTORE = {"DomainTruststoreUri": "s3://acme/authorities.pem"}
ZONE = {"HostedZoneId": "Z0123456789ABCDEFGHIJ"}
EVENTS = {"EventSourceName": EVENT_SOURCE}
PATTERN = {"EventPattern": '{"source":["aws.s3"]}'}
BUS = {"EventBusName": "orders"}
KEY = {"KmsKeyArn": "arn:aws:kms:eu-west-1:111122223333:key/1"}
TOPIC = {"AlarmTopicArn": "arn:aws:sns:eu-west-1:111122223333:pager"}
NO_ALARMS = {"Alarms": "disabled"}


@pytest.mark.parametrize(
    "given",
    [
        {},
        DOMAIN,
        DOMAIN | TRUSTSTORE,
        DOMAIN | ZONE,
        TOPIC,
        NO_ALARMS,
        # The watch measures silence without alarms, too.
        NO_ALARMS | {"SilenceHours": "1"},
        DOMAIN | TRUSTSTORE | TOPIC,
    ],
)
def test_complete_parameters_are_accepted(given: dict[str, str]) -> None:
    assert violations(template(), given) == []


@pytest.mark.parametrize(
    "given",
    [
        {},
        EVENTS,
        EVENTS | PATTERN,
        EVENTS | PATTERN | BUS,
        EVENTS | KEY | TOPIC,
        EVENTS | PATTERN | BUS | KEY | TOPIC,
    ],
)
def test_complete_parameters_of_sources_are_accepted(given: dict[str, str]) -> None:
    assert violations(sources_template(), given) == []


@pytest.mark.parametrize(
    ("given", "reasons"),
    [
        (
            {"DomainName": "hooks.example.com"},
            ["DomainName needs DomainCertificateArn."],
        ),
        (
            {"DomainCertificateArn": DOMAIN["DomainCertificateArn"]},
            ["DomainCertificateArn needs DomainName."],
        ),
        (TRUSTSTORE, ["DomainTruststoreUri needs DomainName."]),
        (ZONE, ["HostedZoneId needs DomainName."]),
        (TOPIC | NO_ALARMS, ["AlarmTopicArn needs Alarms enabled."]),
    ],
)
def test_parameter_without_effect_is_rejected(given: dict[str, str], reasons: list[str]) -> None:
    assert violations(template(), given) == reasons


@pytest.mark.parametrize(
    ("given", "reasons"),
    [
        (PATTERN, ["EventPattern needs EventSourceName."]),
        (
            PATTERN | BUS,
            ["EventPattern needs EventSourceName.", "EventBusName needs EventSourceName."],
        ),
        (BUS, ["EventBusName needs EventSourceName.", "EventBusName needs EventPattern."]),
        (EVENTS | BUS, ["EventBusName needs EventPattern."]),
        (KEY, ["KmsKeyArn needs EventSourceName."]),
        ({"FormerKmsKeyArn": KEY["KmsKeyArn"]}, ["FormerKmsKeyArn needs EventSourceName."]),
        (TOPIC, ["AlarmTopicArn needs EventSourceName."]),
    ],
)
def test_parameter_of_sources_without_effect_is_rejected(
    given: dict[str, str], reasons: list[str]
) -> None:
    assert violations(sources_template(), given) == reasons
