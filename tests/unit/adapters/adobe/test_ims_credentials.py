"""Credentials are parsed from JSON, and appear in no representation or error."""

import json

import pytest

from bridge.adapters.adobe.ims import AdobeCredentials, parse_credentials
from bridge.errors import UnavailableError

GOOD = AdobeCredentials(
    client_id="4f0e8d7c",
    client_secret="p8e-a+b/50%&c=",
    org_id="0A1B@AdobeOrg",
    scopes="openid,AdobeID",
    sandbox="dev",
)


def test_credentials_are_parsed_from_json() -> None:
    document = {
        "client_id": GOOD.client_id,
        "client_secret": f"{GOOD.client_secret}\n",
        "org_id": GOOD.org_id,
        "scopes": ["openid", "AdobeID"],
        "sandbox": GOOD.sandbox,
        "comment": "ignored",
    }

    assert parse_credentials(json.dumps(document)) == GOOD
    assert GOOD.client_secret not in repr(GOOD)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"client_secret": None}, "have no field client_secret"),
        ({"client_id": " "}, "have no field client_id"),
        ({"sandbox": 5}, "have no field sandbox"),
        ({"org_id": "0A1B"}, "org_id does not end in @AdobeOrg"),
    ],
)
def test_missing_field_of_the_credentials_is_named(
    change: dict[str, object], sentence: str
) -> None:
    document = {
        "client_id": "id",
        "client_secret": "TOPSECRET",
        "org_id": "0A1B@AdobeOrg",
        "scopes": "openid",
        "sandbox": "dev",
        **change,
    }

    with pytest.raises(UnavailableError, match=sentence) as caught:
        parse_credentials(json.dumps(document))
    assert "TOPSECRET" not in str(caught.value)


@pytest.mark.parametrize("text", ["TOPSECRET", '"TOPSECRET"', "[1]", ""])
def test_credentials_that_are_not_an_object_are_not_quoted(text: str) -> None:
    with pytest.raises(UnavailableError) as caught:
        parse_credentials(text)
    assert "TOPSECRET" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
