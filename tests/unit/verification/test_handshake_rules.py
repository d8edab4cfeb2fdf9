"""Handshakes with published keys and with unsigned confirmations."""

from typing import Any

import pytest

from bridge.errors import InvalidPropertyError
from bridge.verification.declaration import declare_scheme
from bridge.verification.jwt_scheme import JwtScheme
from bridge.verification.schemes import TokenScheme

SCHEME: dict[str, Any] = {
    "Family": "mac",
    "Content": "{body}",
    "Signature": {"From": "header:x-signature"},
}
TOKEN: dict[str, Any] = {"Family": "token", "From": "header:x-token"}
CONFIRM = {"Confirm": "json:url", "Allow": r"https://a\.example\.com/validate\?id=[a-z0-9]+"}
PUBLISHED = {"When": "json:test", "PublishedKey": "for-tests"}


@pytest.mark.parametrize(
    ("scheme", "handshake", "sentence"),
    [
        (TOKEN, PUBLISHED, "Handshakes.PublishedKey: must be a key of a scheme"),
        ({**SCHEME, "Key": "hex"}, PUBLISHED, "Handshakes.PublishedKey: must be a key of a scheme"),
        (SCHEME, {**PUBLISHED, "Signed": "false"}, "Handshakes.PublishedKey: cannot be combined"),
        (SCHEME, {**PUBLISHED, **CONFIRM}, "Handshakes.PublishedKey: cannot be combined"),
        (SCHEME, {**PUBLISHED, "Token": "query:t"}, "Handshakes.PublishedKey: cannot be combined"),
        (
            SCHEME,
            {"When": "json:url", "Signed": "false", **CONFIRM, "Allow": r"https://a\.example/.*"},
            "Handshakes: Confirm requires Signed: true, unless Allow names one host",
        ),
    ],
)
def test_handshake_that_could_be_misused_is_rejected(
    scheme: dict[str, Any], handshake: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InvalidPropertyError) as caught:
        declare_scheme(None, scheme, None, [handshake])

    assert str(caught.value).startswith(sentence)


def test_unsigned_confirmation_of_an_exact_address_is_accepted() -> None:
    handshake = {"When": "json:url", "Signed": "false", **CONFIRM}

    assert declare_scheme(None, SCHEME, None, [handshake]).handshakes[0].confirm == "json:url"
    with pytest.raises(InvalidPropertyError, match="Confirm requires Signed: true"):
        declare_scheme(None, None, None, [handshake], unverified=True)


def test_scheme_of_another_family_keeps_the_rest_of_the_preset() -> None:
    jwt = {
        "Family": "jwt",
        "From": "header:authorization",
        "Algorithms": ["RS256"],
        "JwksUrl": "https://login.microsoftonline.com/tenant/discovery/v2.0/keys",
        "Audience": "api://application",
        "Issuer": "https://sts.windows.net/tenant/",
    }
    preset = declare_scheme("azure_event_grid", None)
    declared = declare_scheme("azure_event_grid", jwt)

    assert isinstance(declared.scheme, JwtScheme)
    assert declared.handshakes == preset.handshakes
    assert declared.delivery_id == preset.delivery_id


def test_published_key_is_dropped_with_the_scheme_that_it_belongs_to() -> None:
    declared = declare_scheme("zendesk", {"Family": "token", "From": "header:x-api-key"})

    assert isinstance(declared.scheme, TokenScheme)
    assert declared.handshakes == ()


def test_family_of_the_preset_can_be_repeated() -> None:
    assert declare_scheme("github", {"Family": "mac"}) == declare_scheme("github", None)
