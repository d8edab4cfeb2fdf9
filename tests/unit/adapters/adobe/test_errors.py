"""Error codes are extracted from every response format, and messages are kept short."""

import json

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from bridge.adapters.adobe.errors import read_error


def answer(status: int, body: str) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response._content = body.encode()  # noqa: SLF001 - requests offers no other way
    return response


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (400, {"errorCode": "1447-400", "message": "active flows containing id"}, "1447"),
        (400, {"errorMessage": "1418-400: still used by a flow"}, "1418"),
        (401, {"error_code": "401013", "message": "Oauth token is not valid"}, "401013"),
        (404, {"code": "2100-404", "title": "Sandbox not found"}, "2100"),
        (400, {"type": "/x", "status": 400, "title": "BadRequestError", "detail": "no"}, ""),
        (500, ["x"], ""),
    ],
)
def test_error_code_is_found_in_every_format(status: int, body: object, code: str) -> None:
    error = read_error(answer(status, json.dumps(body)))

    assert (error.status, error.code) == (status, code)


@given(st.integers(min_value=300, max_value=599), st.text(max_size=2_000))
def test_every_error_becomes_one_line_with_a_remedy(status: int, text: str) -> None:
    for body in (text, json.dumps({"message": text})):
        error = read_error(answer(status, body))
        sentence = str(error.to_error("do it", retryable=False))
        assert len(sentence) < 450
        assert len(sentence.splitlines()) == 1
        assert "; " in sentence


def test_error_properties_follow_from_the_code() -> None:
    in_use = read_error(answer(400, '{"errorCode": "1447-400"}'))
    assert in_use.is_busy
    assert "later" in str(in_use.to_error("delete", retryable=True))

    assert read_error(answer(404, "{}")).is_missing("f1")
    assert not read_error(answer(404, '{"errorCode": "2103-404"}')).is_missing("f1")
    assert read_error(answer(403, '{"error_code": "403010"}')).is_about_token
    assert not read_error(answer(403, '{"error_code": "403000"}')).is_about_token


@pytest.mark.parametrize("body", ["[" * 200_000, f'{{"code": {"1" * 5_000}}}'])
def test_json_that_python_does_not_read_has_no_code(body: str) -> None:
    found = read_error(answer(503, body))

    assert (found.status, found.code, found.message) == (503, "", "")
