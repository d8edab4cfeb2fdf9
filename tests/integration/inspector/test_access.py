"""Only the browser of the operator, and only pages of the inspector, reach it."""

from pathlib import Path

import pytest

from inlet_bridge.inspector.security.sign_in import SignIn
from tests.support.inspecting import ORIGIN, opened, signed_out

PAGE = "/stacks/inlet-bridge-dev/webhooks"


def test_a_token_signs_in_once(tmp_path: Path) -> None:
    client, sign_in = signed_out(tmp_path)
    path = sign_in.path

    first = client.get(path)
    client.cookies.clear()
    second = client.get(path)

    assert (first.status_code, first.headers["location"]) == (303, "/")
    cookie = first.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=strict", "Path=/"))
    assert second.status_code == 401


@pytest.mark.parametrize("token", ["", "x", "é", "%00"])
def test_a_wrong_token_does_not_sign_in_and_leaves_the_right_one(
    token: str, tmp_path: Path
) -> None:
    client, sign_in = signed_out(tmp_path)

    assert client.get("/sign-in", params={"token": token}).status_code == 401
    assert client.get(sign_in.path).status_code == 303


@pytest.mark.parametrize("cookie", ["", "x", "é"])
def test_without_the_session_nothing_is_shown(cookie: str, tmp_path: Path) -> None:
    client, sign_in = signed_out(tmp_path)
    sent = f"{sign_in.cookie}={cookie}".encode()

    response = client.get(PAGE, headers=[(b"cookie", sent)])

    assert response.status_code == 401
    assert response.headers["content-type"].startswith("text/html")
    assert "inlet console --allow-actions" in response.text
    assert "inlet up" in response.text
    assert "inlet-bridge-dev" not in response.text


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8482",
        "127.0.0.1",
        "127.0.0.1:1",
        "localhost.evil.example:8482",
    ],
)
def test_a_rebound_host_name_is_rejected(host: str, tmp_path: Path) -> None:
    client = opened(tmp_path)

    assert client.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost:8482", ""]
)
def test_a_change_from_another_origin_is_rejected(origin: str, tmp_path: Path) -> None:
    client = opened(tmp_path, actions_allowed=True)

    assert client.post(PAGE, headers={"origin": origin}).status_code == 403
    assert client.get("/", headers={"origin": origin}).status_code == 403


def test_a_webhook_that_is_sent_to_the_inspector_is_told_where_its_url_is(tmp_path: Path) -> None:
    client = opened(tmp_path)
    del client.headers["origin"]

    response = client.post("/webhooks/linear", json={})

    assert response.status_code == 403
    assert "which receives no webhooks. `inlet up` prints the URLs" in response.text
    assert "no webhooks" not in client.post(PAGE).text


def test_a_change_without_an_origin_is_rejected(tmp_path: Path) -> None:
    client = opened(tmp_path, actions_allowed=True)
    del client.headers["origin"]

    assert client.post(PAGE).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_of_another_origin_reads_nothing(site: str, tmp_path: Path) -> None:
    client = opened(tmp_path)

    assert client.get("/", headers={"sec-fetch-site": site}).status_code == 403


@pytest.mark.parametrize("destination", ["iframe", "frame", "object", "embed", ""])
def test_a_page_of_another_origin_embeds_nothing(destination: str, tmp_path: Path) -> None:
    client = opened(tmp_path)
    navigation = {"sec-fetch-site": "same-site", "sec-fetch-mode": "navigate"}

    rejected = client.get("/", headers={**navigation, "sec-fetch-dest": destination})
    link = client.get("/", headers={**navigation, "sec-fetch-dest": "document"})

    assert rejected.status_code == 403
    assert link.status_code == 303


def test_another_port_of_the_host_has_another_cookie() -> None:
    assert SignIn(1).cookie != SignIn(2).cookie


def test_every_response_forbids_inline_code_and_frames(tmp_path: Path) -> None:
    client = opened(tmp_path)

    for path in ("/", "/static/inspector.css", "/nothing", "/sign-in"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"


def test_the_chosen_stack_is_the_first_page(tmp_path: Path) -> None:
    response = opened(tmp_path).get("/")

    assert (response.status_code, response.headers["location"]) == (303, PAGE)
    assert ORIGIN.startswith("http://127.0.0.1:")
