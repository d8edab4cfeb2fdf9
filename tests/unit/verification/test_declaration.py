"""Tests of declarations of senders."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from bridge.errors import InvalidPropertyError
from bridge.parameter_json import document_of
from bridge.verification.catalogue import PRESETS
from bridge.verification.declaration import declare_recipe, declare_scheme
from bridge.verification.scheme_document import scheme_from_document
from bridge.verification.scheme_parameters import Signature, Timestamp
from bridge.verification.schemes import MacScheme, TokenScheme

GENERIC: Mapping[str, Any] = {
    "Family": "mac",
    "Content": "{body}",
    "Signature": {"From": "header:X-Signature"},
}


def refusal(provider: str | None, scheme: Mapping[str, Any] | None) -> InvalidPropertyError:
    with pytest.raises(InvalidPropertyError) as caught:
        declare_scheme(provider, scheme)
    return caught.value


def test_preset_needs_only_its_name() -> None:
    declared = declare_scheme("shopify", None)

    assert declared.provider == "shopify"
    assert declared.scheme == PRESETS["shopify"].scheme
    assert declared.delivery_id == PRESETS["shopify"].delivery_id
    assert declared.event_type == PRESETS["shopify"].event_type


def test_custom_hmac_scheme_is_accepted() -> None:
    declared = declare_scheme(None, GENERIC)

    assert declared.provider == "custom"
    assert declared.scheme == MacScheme("{body}", Signature(("header:X-Signature",)))
    assert (declared.delivery_id, declared.event_type) == ((), ())


def test_every_parameter_can_be_set_with_cloudformation_strings() -> None:
    declared = declare_scheme(
        "",
        {
            "Family": "mac",
            "Algorithm": "hmac-sha512",
            "Key": "base64",
            "Content": "{header:x-id}:{timestamp}:{body}",
            "Signature": {
                "From": ["header:x-sig", "header:x-sig-2"],
                "Encoding": "base64url",
                "Separator": ";",
                "Assignment": "=",
                "Key": "s",
                "TimestampKey": "t",
            },
            "Timestamp": {
                "From": "signature",
                "Unit": "ms",
                "PastSeconds": "600",
                "FutureSeconds": "none",
            },
            "Require": ["header:x-kind", "header:x-version=1"],
            "RejectEmptyBody": "true",
            "RequireUtf8Body": "false",
        },
    )

    assert declared.scheme == MacScheme(
        content="{header:x-id}:{timestamp}:{body}",
        signature=Signature(("header:x-sig", "header:x-sig-2"), "base64url", ";", "=", "s", "t"),
        algorithm="hmac-sha512",
        key="base64",
        timestamp=Timestamp("signature", "ms", 600, None),
        require=("header:x-kind", "header:x-version=1"),
        reject_empty_body=True,
    )
    document = json.loads(json.dumps(document_of(declared.scheme)))
    assert scheme_from_document(document) == declared.scheme


def test_custom_timestamp_is_checked_on_both_sides_by_default() -> None:
    scheme = declare_scheme(
        None, {**GENERIC, "Content": "{timestamp}{body}", "Timestamp": {"From": "header:x-time"}}
    ).scheme

    assert isinstance(scheme, MacScheme)
    assert scheme.timestamp == Timestamp("header:x-time", "s", 300, 300)


def test_scheme_overrides_a_preset() -> None:
    token = declare_scheme("bearer_api_key", {"From": "header:x-api-key"}).scheme
    stripe = declare_scheme("stripe", {"Timestamp": {"PastSeconds": "3600"}}).scheme

    assert token == TokenScheme(("header:x-api-key",), "Bearer?")
    assert isinstance(stripe, MacScheme)
    assert stripe.timestamp == Timestamp("signature", "s", 3600, None, numeric=True)
    assert stripe.content == "{timestamp}.{body}"


@pytest.mark.parametrize(
    ("written", "meant"), [("shopfy", "shopify"), ("GitHub", "github"), ("stripes", "stripe")]
)
def test_similar_provider_names_are_suggested(written: str, meant: str) -> None:
    error = refusal(written, None)

    assert error.path == "Provider"
    assert f"did you mean {meant}" in error.reason


def test_unknown_provider_lists_all_presets() -> None:
    error = refusal("qqq", None)

    assert error.path == "Provider"
    assert all(name in error.reason for name in PRESETS)


@pytest.mark.parametrize(
    ("provider", "scheme", "path", "reason"),
    [
        (None, None, "Provider", "unless Scheme is complete"),
        (None, {}, "Provider", "unless Scheme is complete"),
        (None, {"Content": "{body}"}, "Scheme.Family", "jwt, token: mac is a hash with a sh"),
        (None, {"Family": "none"}, "Scheme.Family", "must be one of mac, pk, jwt, token"),
        ("github", {"Family": "token"}, "Scheme.From", "is required"),
        (None, {"Family": "mac"}, "Scheme.Content", "is required"),
        (None, {"Family": "token"}, "Scheme.From", "is required"),
        ("marketo", None, "Scheme.From", "such as header:"),
        (None, {**GENERIC, "Algorithm": "md5"}, "Scheme.Algorithm", "'hmac-sha256', 'hmac-sha1'"),
        (None, {**GENERIC, "Algoritm": "x"}, "Scheme.Algoritm", "did you mean Algorithm"),
        (None, {**GENERIC, "content": "x"}, "Scheme.content", "did you mean Content"),
        (None, {**GENERIC, "Signature": "x"}, "Scheme.Signature", "must be a mapping"),
        (None, {**GENERIC, "Signature": {}}, "Scheme.Signature.From", "is required"),
        (
            None,
            {**GENERIC, "Signature": {"From": [{"a": 1}]}},
            "Scheme.Signature.From.0",
            "must be a valid string",
        ),
        ("github", {"Signature": {"Encodin": "hex"}}, "Scheme.Signature.Encodin", "Encoding?"),
        ("github", {"Signature": {"Encoding": "b"}}, "Scheme.Signature.Encoding", "'base64url'"),
        ("github", {"RejectEmptyBody": "perhaps"}, "Scheme.RejectEmptyBody", "valid boolean"),
        (
            "slack",
            {"Timestamp": {"PastSeconds": "soon"}},
            "Scheme.Timestamp.PastSeconds",
            "integer",
        ),
        (
            "slack",
            {"Timestamp": {"PastSeconds": "-1"}},
            "Scheme.Timestamp.PastSeconds",
            "0 or more",
        ),
        ("slack", {"Timestamp": "none"}, "Scheme.Timestamp", "is required"),
        ("slack", {"Content": "{boddy}"}, "Scheme.Content", "unknown token {boddy}"),
    ],
)
def test_invalid_property_is_named(
    provider: str | None, scheme: Mapping[str, Any] | None, path: str, reason: str
) -> None:
    error = refusal(provider, scheme)

    assert error.path == path
    assert reason in error.reason


def test_secret_in_the_wrong_property_is_not_repeated() -> None:
    error = refusal("slack", {"Timestamp": {"PastSeconds": "s3cr3t"}, "Key": "s3cr3t"})

    assert "s3cr3t" not in str(error)
    assert error.__cause__ is None
    assert error.__suppress_context__


def test_recipe_has_one_or_more_alternatives() -> None:
    assert declare_recipe("DeliveryId", "header:x-id") == ("header:x-id",)
    assert declare_recipe("DeliveryId", ["json:a+json:b", "header:x-id"]) == (
        "json:a+json:b",
        "header:x-id",
    )


def test_invalid_recipe_is_rejected() -> None:
    with pytest.raises(InvalidPropertyError, match="DeliveryId: must be header:NAME"):
        declare_recipe("DeliveryId", ["header:x-id", "x-id"])
