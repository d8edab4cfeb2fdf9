"""The emulated IMS."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import requests

from adobe_emulator.emulator import Adobe
from tests.support.adobe_client import SECONDS, Client


@pytest.fixture
def form(adobe: Adobe) -> dict[str, str]:
    return {
        "grant_type": "client_credentials",
        "client_id": adobe.tenant.client_id,
        "client_secret": adobe.tenant.client_secret,
        "scope": ",".join(adobe.tenant.scopes),
    }


def post(client: Client, data: Any, **options: Any) -> requests.Response:
    url = f"{client.adobe.url}/ims/token/v3"
    return client.session.post(url, data, timeout=SECONDS, **options)


def test_good_credentials_get_a_bearer_token_with_its_life_in_seconds(
    client: Client, form: dict[str, str]
) -> None:
    answer = post(client, form)

    assert answer.status_code == 200
    assert answer.json().keys() == {"access_token", "token_type", "expires_in"}
    assert answer.json()["token_type"] == "bearer"
    assert answer.json()["expires_in"] == 86399


def test_each_token_is_a_new_one_and_is_counted(client: Client, form: dict[str, str]) -> None:
    tokens = {post(client, form).json()["access_token"] for _ in range(3)}

    assert len(tokens) == 3
    assert client.adobe.ims.minted == 3


def test_parameters_may_travel_in_the_query(client: Client, form: dict[str, str]) -> None:
    query = urlencode(form).replace("+", "%20")
    url = f"{client.adobe.url}/ims/token/v3?{query}"

    assert client.session.post(url, timeout=SECONDS).status_code == 200


@pytest.mark.parametrize("name", ["grant_type", "client_id", "client_secret", "scope"])
def test_every_parameter_is_mandatory(client: Client, form: dict[str, str], name: str) -> None:
    del form[name]
    answer = post(client, form)

    assert answer.status_code == 400
    assert answer.json() == {"error": "invalid_request", "error_description": f"missing {name}"}
    assert client.adobe.ims.minted == 0


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"client_id": "somebody-else"}, 400, "invalid_client"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"scope": "openid,everything"}, 400, "invalid_scope"),
        ({"scope": "openid AdobeID"}, 400, "invalid_scope"),
    ],
)
def test_wrong_parameter_is_an_oauth_error(
    client: Client, form: dict[str, str], change: dict[str, str], status: int, error: str
) -> None:
    answer = post(client, form | change)

    assert answer.status_code == status
    assert answer.json()["error"] == error


def test_secret_that_is_not_percent_encoded_is_not_the_secret(
    client: Client, form: dict[str, str]
) -> None:
    body = "&".join(f"{name}={value}" for name, value in form.items())
    answer = post(client, body, headers={"Content-Type": "application/x-www-form-urlencoded"})

    assert answer.status_code == 401


def test_body_that_is_not_ascii_is_rejected(client: Client) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = post(client, "scope=é".encode(), headers=headers)

    assert answer.json()["error"] == "invalid_request"


def test_json_body_is_rejected(client: Client, form: dict[str, str]) -> None:
    answer = post(client, None, json=form)

    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_request"


def test_token_ends_with_its_lifetime(client: Client) -> None:
    headers = client.headers()
    before = client.flows("GET", "flows", headers=headers)
    client.adobe.clock.advance(timedelta(seconds=86399))
    after = client.flows("GET", "flows", headers=headers)

    assert before.status_code == 200
    assert after.status_code == 401


def test_revoked_token_is_invalid_and_a_newer_one_is_not(client: Client) -> None:
    headers = client.headers()
    client.control("POST", "revoke")

    assert client.flows("GET", "flows", headers=headers).status_code == 401
    assert client.flows("GET", "flows").status_code == 200
