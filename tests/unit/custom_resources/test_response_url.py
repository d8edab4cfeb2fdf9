"""Which addresses a custom resource's answer may go to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.custom_resources.response_url import is_response_url

HOST = "cloudformation-custom-resource-response-eucentral1.s3.eu-central-1.amazonaws.com"


def allowed(url: object, *endpoints: str) -> bool:
    return is_response_url(
        url, region="eu-central-1", dns_suffix="amazonaws.com", endpoints=endpoints
    )


@given(st.text(st.characters(), max_size=3), st.integers(0, len(f"https://{HOST}")))
def test_nothing_can_be_put_into_the_host(text: str, at: int) -> None:
    url = f"https://{HOST}/answer"
    changed = url[:at] + text + url[at:]

    # A slash makes a path of the rest, and there the bucket is another one.
    assert allowed(changed) == (changed == url or changed.startswith(f"https://{HOST}/"))


def test_without_a_region_no_address_is_cloudformations() -> None:
    url = "https://cloudformation-custom-resource-response-.s3.amazonaws.com/answer"

    assert not is_response_url(url, region="", dns_suffix="amazonaws.com")


@pytest.mark.parametrize(
    ("url", "endpoint", "counts"),
    [
        ("http://localhost:4566/x", "http://127.0.0.1:4566", True),
        ("http://[::1]:4566/x", "http://localhost:4566/", True),
        ("http://localhost/x", "http://localhost:80", True),
        ("https://localhost/x", "https://localhost", True),
        ("http://localhost:4566/x", "", False),
        ("http://localhost:4567/x", "http://localhost:4566", False),
        ("https://localhost:4566/x", "http://localhost:4566", False),
        ("http://localhost:4566@attacker.example/x", "http://localhost:4566", False),
        ("http://user@localhost:4566/x", "http://localhost:4566", False),
        ("http://localhost:4566\\@attacker.example/x", "http://localhost:4566", False),
        ("http://localhost:4566#@attacker.example/x", "http://localhost:4566", False),
        ("http://localhost:99999/x", "http://localhost:99999", False),
        ("http://[::1/x", "http://localhost:4566", False),
        ("http://attacker.example/x", "http://attacker.example", False),
        ("https://attacker.example/x", "https://attacker.example", False),
        ("ftp://localhost/x", "ftp://localhost", False),
    ],
)
def test_emulator_counts_on_this_machine(url: str, endpoint: str, *, counts: bool) -> None:
    assert allowed(url, endpoint) is counts
