"""Tests of requests to vendors' APIs, over TLS on the loopback address."""

from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from bridge.errors import VendorError
from bridge.version import USER_AGENT
from tests.support.site_identity import identity_of
from tests.support.vendor_account import StandInResponse
from tests.support.vendor_site import HOST, NOW, request, site


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("identity") / "identity.pem"
    path.write_bytes(identity_of(HOST))
    return path


def test_request_has_a_user_agent_and_the_response_its_headers(identity: Path) -> None:
    with site(
        identity, StandInResponse(200, [{"id": 1}], {"Link": '<https://x>; rel="next"'})
    ) as there:
        response = there.api(identity).send(request())

    assert response.document == [{"id": 1}]
    assert response.headers["link"] == '<https://x>; rel="next"'
    assert there.asked == [("GET", "/repos/acme/shop/hooks?per_page=100", b"")]
    assert there.headers[0]["user-agent"] == USER_AGENT
    assert there.headers[0]["authorization"] == "Bearer github_pat_NEVERSEEN"


OTHERS = [
    ("api.example.com", "https"),
    (f"{HOST}.example.com", "https"),
    (f"{HOST}:1", "https"),
    (HOST, "http"),
]


@pytest.mark.parametrize(("host", "scheme"), OTHERS)
def test_nothing_is_sent_to_another_host(identity: Path, host: str, scheme: str) -> None:
    with site(identity, StandInResponse(200, [])) as there, pytest.raises(VendorError) as raised:
        there.api(identity).send(request(host=host, scheme=scheme))

    assert not raised.value.retryable
    assert there.asked == []


def test_redirect_is_not_followed(identity: Path) -> None:
    with site(identity, StandInResponse(301, None, {"Location": f"https://{HOST}/other"})) as there:
        assert there.api(identity).send(request()).status == 301

    assert len(there.asked) == 1


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_request_that_creates_nothing_is_repeated(identity: Path, method: str) -> None:
    with site(
        identity,
        StandInResponse(503),
        StandInResponse(502, b"<html>"),
        StandInResponse(408),
        StandInResponse(522, b"<html>"),
        StandInResponse(200, {"id": 1}),
    ) as there:
        assert there.api(identity).send(request(method)).document == {"id": 1}

    assert len(there.asked) == 5


def test_creation_is_not_repeated_after_an_unclear_response(identity: Path) -> None:
    with (
        site(identity, StandInResponse(502, b"<html>")) as there,
        pytest.raises(VendorError) as raised,
    ):
        there.api(identity).send(request("POST"))

    assert raised.value.retryable
    assert len(there.asked) == 1
    assert "NEVERSEEN" not in str(raised.value)


LIMITED: dict[str, tuple[StandInResponse, float]] = {
    "429 with a pause": (StandInResponse(429, None, {"Retry-After": "7"}), 7.0),
    "429 without": (StandInResponse(429), 0.5),
    "429 until a time": (StandInResponse(429, None, {"Retry-After": formatdate(NOW + 7)}), 7.0),
    "GitHub's secondary limit": (
        StandInResponse(403, {"message": "..."}, {"Retry-After": "9"}),
        9.0,
    ),
    "GitHub's primary limit": (
        StandInResponse(403, {}, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(NOW + 5)}),
        6.0,
    ),
    "GitLab's limit": (
        StandInResponse(429, {}, {"RateLimit-Remaining": "0", "RateLimit-Reset": str(NOW + 3)}),
        4.0,
    ),
}


@pytest.mark.parametrize("name", LIMITED)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_rate_limit_is_respected(identity: Path, name: str, method: str) -> None:
    limited, seconds = LIMITED[name]
    with site(identity, limited, StandInResponse(200, {"id": 1})) as there:
        there.api(identity).send(request(method))

    assert there.paused == [seconds]
    assert len(there.asked) == 2


def test_long_limit_is_waited_for_by_a_deployment_only(identity: Path) -> None:
    hour = StandInResponse(
        403, {}, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(NOW + 300)}
    )
    with site(identity, hour, hour, StandInResponse(200, [])) as there:
        with pytest.raises(VendorError) as raised:
            there.api(identity).send(request())
        assert there.paused == []
        there.api(identity, deploys=True).send(request())

    assert there.paused == [301.0]
    assert raised.value.retry_after == "301"


def test_missing_permission_is_no_rate_limit(identity: Path) -> None:
    refused = StandInResponse(
        403, {"message": "Resource not accessible"}, {"X-RateLimit-Remaining": "4999"}
    )
    with site(identity, refused) as there:
        assert there.api(identity).send(request()).status == 403

    assert len(there.asked) == 1


@pytest.mark.parametrize("content", [b"<html>", b"[" * 100_000, b"x" * 3_000_000])
def test_response_that_is_not_json_or_too_large_is_an_error(identity: Path, content: bytes) -> None:
    answer: Any = StandInResponse(200, content)
    with site(identity, answer) as there, pytest.raises(VendorError) as raised:
        there.api(identity).send(request("POST"))

    assert raised.value.retryable


def test_nothing_is_sent_after_the_deadline(identity: Path) -> None:
    with site(identity, StandInResponse(200, [])) as there, pytest.raises(VendorError):
        there.api(identity, seconds=0.0).send(request())

    assert there.asked == []
