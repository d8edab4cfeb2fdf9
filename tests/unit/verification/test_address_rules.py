"""URL patterns must match only hosts of the provider."""

import pytest

from bridge.errors import InvalidPropertyError
from bridge.verification.address_rules import check_address_pattern, is_exact_address


@pytest.mark.parametrize(
    "pattern",
    [
        "https://.*",
        "https://[^/]*/.*",
        r"https://\S+/key\.pem",
        r"https://[a-z.]+/.*",
        r"https://[a-z-]+\.com/.*",
        r"https://([a-z0-9-]+\.)+[a-z]+/.*",
        r"https://(a\.example\.com|[a-z0-9-]+\.[a-z]+)/.*",
        r"https://a\.example\.com/.*|https://.*/x",
        # The dot and the class match a slash, so the provider's name could be in the path.
        r"https://.*example\.com/.*",
        r"https://.*\.example\.com/.*",
        r"https://[^.]*\.example\.com/.*",
        r"https://a.example.com/.*",
        r"https://(?:a|b/)\.example\.com/.*",
        r"https://\w+\.example\.com/.*",
        # Without the slash, a host could continue.
        r"https://a\.example\.com.*",
        r"https://a\.example\.com",
        r"http://a\.example\.com/.*",
        r"https?://a\.example\.com/.*",
        r"(https://a\.example\.com/.*)",
        r"https://a\.example\.com:8443/.*",
        r"https://a@example\.com/.*",
        r".*",
        "",
        "(",
        r"https://\[a\.example\.com/.*",
        r"https://a\.example\.com/(",
    ],
)
def test_pattern_that_matches_other_hosts_is_rejected(pattern: str) -> None:
    with pytest.raises(InvalidPropertyError, match=r"^Allow: "):
        check_address_pattern("Allow", pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        r"https://keys\.example\.com/.*",
        r"https://a\.example\.com/[^?#]+\.pem",
        r"https://(a|b)\.example\.com/x|https://c\.example\.com/(y|z[|])",
        r"https://[a-z]{2}-[a-z]+-[0-9]\.keys\.example\.com/.*",
        r"https://api(\.sandbox)?\.example\.com/.*",
    ],
)
def test_pattern_of_the_providers_hosts_is_accepted(pattern: str) -> None:
    check_address_pattern("Allow", pattern)


def test_certificates_of_authorities_may_have_http_urls() -> None:
    check_address_pattern("Issuers", r"http://crt\.example\.com/.*", allow_http=True)
    with pytest.raises(InvalidPropertyError):
        check_address_pattern("Issuers", r"http://.*/.*", allow_http=True)


@pytest.mark.parametrize(
    "pattern",
    [
        r"https://csm\.adobe\.io/csm/validate\?id=[A-Za-z0-9-]+&challenge=[a-f0-9]{8,36}",
        r"https://a\.example\.com/",
    ],
)
def test_exact_pattern_matches_one_host_and_path(pattern: str) -> None:
    assert is_exact_address(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        r"https://a\.example\.com/.*",
        r"https://[a-z]+\.example\.com/validate",
        r"https://(a|b)\.example\.com/validate",
        r"https://a\.example\.com/[^/]+",
        r"https://a\.example\.com/[a-z./]+",
        r"https://a\.example\.com/x|https://b\.example\.com/y",
        r"https://a\.example\.com/\S+",
        r"https://a\.example\.com/x?",
        r"http://a\.example\.com/x",
    ],
)
def test_pattern_with_other_variable_parts_is_not_exact(pattern: str) -> None:
    assert not is_exact_address(pattern)
