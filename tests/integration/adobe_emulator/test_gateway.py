"""The emulated gateway before the platform."""

import pytest
import requests

from tests.support.adobe_client import SECONDS, Client, connection_body


@pytest.mark.parametrize(
    ("header", "status", "code"),
    [
        ("Authorization", 403, "403010"),
        ("x-api-key", 403, "403000"),
        ("x-gw-ims-org-id", 400, "400003"),
    ],
)
def test_missing_header_has_its_own_code(
    client: Client, header: str, status: int, code: str
) -> None:
    answer = client.flows("GET", "flows", headers={header: None})

    assert answer.status_code == status
    assert answer.json()["error_code"] == code


@pytest.mark.parametrize(
    ("header", "value", "status", "code"),
    [
        ("Authorization", "Bearer of-bad-news", 401, "401013"),
        ("x-api-key", "another-client", 403, "403003"),
        ("x-gw-ims-org-id", "ANOTHER@AdobeOrg", 403, "403025"),
    ],
)
def test_wrong_header_has_its_own_code(
    client: Client, header: str, value: str, status: int, code: str
) -> None:
    answer = client.flows("GET", "flows", headers={header: value})

    assert answer.status_code == status
    assert answer.json()["error_code"] == code


def test_token_without_its_scheme_is_invalid(client: Client) -> None:
    token = client.adobe.ims.mint()

    assert client.flows("GET", "flows", headers={"Authorization": token}).status_code == 401


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"x-sandbox-name": None}, 400, "2105-400"),
        ({"x-sandbox-name": "elsewhere"}, 404, "2100-404"),
        ({"x-sandbox-id": "4f0e8d7c"}, 400, "2110-400"),
    ],
)
def test_request_needs_the_sandbox_by_name_and_only_so(
    client: Client, headers: dict[str, str], status: int, code: str
) -> None:
    answer = client.flows("GET", "flows", headers=headers)

    assert answer.status_code == status
    assert answer.json()["errorCode"] == code


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_body_needs_the_json_content_type(client: Client, content_type: str | None) -> None:
    answer = client.flows("POST", "connections", data=b"{}", headers={"Content-Type": content_type})

    assert answer.status_code == 400
    assert answer.json()["title"] == "BadRequestError"
    assert answer.json()["detail"] == "A valid content-type must be specified"


def test_a_body_that_is_no_json_is_refused(client: Client) -> None:
    headers = {"Content-Type": "application/json"}
    answer = client.flows("POST", "connections", data=b'{"name":', headers=headers)

    assert answer.status_code == 400


def test_request_id_comes_back(client: Client) -> None:
    answer = client.flows("GET", "flows", headers={"x-request-id": "mine"})

    assert answer.headers["x-request-id"] == "mine"


def test_request_without_an_id_gets_one(client: Client) -> None:
    answers = [client.flows("GET", "flows") for _ in range(2)]

    assert len({answer.headers["x-request-id"] for answer in answers}) == 2


def _local_port(answer: requests.Response) -> int:
    connection = answer.raw.connection
    assert connection is not None
    assert connection.sock is not None
    port: int = connection.sock.getsockname()[1]
    return port


def test_connection_is_kept_alive(client: Client) -> None:
    url = f"{client.adobe.url}/data/foundation/flowservice/flows"
    ports = set()
    for _ in range(3):
        with client.session.get(
            url, headers=client.headers(), stream=True, timeout=SECONDS
        ) as answer:
            ports.add(_local_port(answer))
            answer.content  # noqa: B018 - reading gives the connection back

    assert len(ports) == 1


def test_rejected_request_changes_nothing(client: Client) -> None:
    client.flows("POST", "connections", json=connection_body(), headers={"x-api-key": "x"})

    assert client.control("GET", "state").json()["objectCount"] == 0
