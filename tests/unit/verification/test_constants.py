"""Tests of constants, and of what they must not change."""

from typing import Any

import pytest

from bridge.errors import InvalidPropertyError
from bridge.verification.constants import Constants
from bridge.verification.declaration import declare_scheme
from bridge.verification.jwt_scheme import JwtScheme

TOKEN = {"Family": "jwt", "From": "header:x-token", "Algorithms": ["RS256"]}
KEYS = "https://keys.{const:host}.example.com/{const:tenant}/certs"


def jwks_url(**constants: str) -> str:
    scheme = declare_scheme(None, {**TOKEN, "JwksUrl": KEYS}, constants).scheme
    assert isinstance(scheme, JwtScheme)
    return scheme.jwks_url


def test_constant_may_be_a_part_of_a_url() -> None:
    assert (
        jwks_url(host="eu.west-1", tenant="a~b_c")
        == "https://keys.eu.west-1.example.com/a~b_c/certs"
    )


@pytest.mark.parametrize("name", ["host", "tenant"])
@pytest.mark.parametrize(
    "text",
    [
        "evil.example/",
        "evil.example?",
        "evil.example#",
        "evil.example\\",
        "user@evil.example",
        "evil.example:8443",
        "a/b",
        "..",
        ".",
        "a..b",
        "../..",
        "%2e%2e",
        "evil.example%2f",
        "[::1]",
        "a b",
        "a\n",
        "\u00e9",
        "evil\uff0eexample",
    ],
)
def test_constant_cannot_change_another_part_of_a_url(name: str, text: str) -> None:
    with pytest.raises(InvalidPropertyError, match=rf"^Constants\.{name}: must be a host"):
        jwks_url(**{"host": "eu", "tenant": "t", name: text})


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "production.plaid.com.evil.example",
        "evil.plaid.com",
        "plaid.com",
        "PRODUCTION.plaid.com",
        "production.plaid.com:8443",
        "production.plaid.com/x",
        "production.plaid.com\n",
        "productionXplaid.com",
    ],
)
def test_host_of_plaid_must_be_one_of_its_hosts(host: str) -> None:
    constants = {"client_id": "c", "host": host}

    with pytest.raises(InvalidPropertyError, match=r"^Constants\.host: has the wrong format"):
        declare_scheme("plaid", None, constants)
    for known in ("production.plaid.com", "sandbox.plaid.com"):
        scheme = declare_scheme("plaid", None, constants | {"host": known}).scheme
        assert isinstance(scheme, JwtScheme)
        assert scheme.jwks_url == f"https://{known}/webhook_verification_key/get"


@pytest.mark.parametrize("preset", ["aws_sns_v1", "aws_sns_v2"])
@pytest.mark.parametrize(
    "topic",
    [
        "orders",
        "arn:aws:sns:eu-west-1:123456789012",
        "arn:aws:sns:eu-west-1:123456789012:orders:subscription",
        "arn:aws:sns:eu-west-1:123456789012:a/b",
        "arn:aws:sns:eu-west-1:12345678901:orders",
        "arn:aws:sqs:eu-west-1:123456789012:orders",
        "arn:aws:sns:s3-us-west-2:123456789012:orders",
        "arn:aws:sns:s3:123456789012:orders",
        "arn:aws:sns:s3.eu-west-1:123456789012:orders",
        "arn:aws:sns:dualstack-eu-west-1:123456789012:orders",
        "arn:aws:sns:eu-west-1.evil:123456789012:orders",
        "arn:aws:sns:.*:123456789012:orders",
        "arn:aws:sns:eu-west:123456789012:orders",
        "arn:aws:sns:cn-north-1:123456789012:orders",
        "arn:aws-cn:sns:eu-west-1:123456789012:orders",
        "arn:aws:sns:us-gov-west-1:123456789012:orders",
        "arn:aws-us-gov:sns:us-west-1:123456789012:orders",
        "arn:aws-evil:sns:eu-west-1:123456789012:orders",
    ],
)
def test_invalid_topic_arn_is_rejected(preset: str, topic: str) -> None:
    with pytest.raises(InvalidPropertyError, match=r"^Constants\.topic_arn: has the wrong format"):
        declare_scheme(preset, None, {"topic_arn": topic})


@pytest.mark.parametrize(
    "topic",
    [
        "arn:aws:sns:eu-west-1:123456789012:orders",
        "arn:aws:sns:ap-southeast-7:123456789012:a_B-9.fifo",
        "arn:aws:sns:mx-central-1:123456789012:orders",
        "arn:aws:sns:ap-northeast-3:000000000000:orders",
        "arn:aws:sns:il-central-1:123456789012:" + "t" * 256,
        "arn:aws-cn:sns:cn-northwest-1:123456789012:orders",
        "arn:aws-us-gov:sns:us-gov-east-1:123456789012:orders",
    ],
)
def test_topic_arn_of_any_region_is_accepted(topic: str) -> None:
    declare_scheme("aws_sns_v2", None, {"topic_arn": topic})


def test_constant_is_escaped_in_a_pattern() -> None:
    node = {"allow": "{const:a}", "subject": "{const:a}", "issuers": "{const:a}", "at": "{const:a}"}
    filled: dict[str, Any] = Constants({"a": "x.*|y"}, {}).fill(node)

    assert filled == {**dict.fromkeys(("allow", "subject", "issuers"), r"x\.\*\|y"), "at": "x.*|y"}


def test_named_group_of_a_form_is_a_part_of_the_constant() -> None:
    constants = Constants({"a": "x-1", "b.c": "y"}, {}, {"a": "(?P<letter>[a-z])-[0-9]"})

    assert constants.fill("{const:a.letter}{const:a}{const:b.c}") == "xx-1y"
    constants.check_all_used()
