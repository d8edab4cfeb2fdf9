"""Validate the `ResponseURL` of a custom resource request.

Any caller that may invoke the function chooses `ResponseURL`, so it is compared with the URLs that
CloudFormation uses: the bucket `cloudformation-custom-resource-response-{region}`, with the
region written without hyphens, which belongs to AWS in each region:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/vpc-interface-endpoints.html.
"""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from bridge.inlet.allowed_hosts import LOOPBACK

# Printable ASCII without `#` and `\`: every parser reads the same host, without user or port.
_AWS = re.compile(r'https://([a-z0-9.-]+)/[!"$-\[\]-~]*')
_LOCAL = re.compile(r'https?://[a-z0-9.:\[\]-]+/[!"$-\[\]-~]*')
_PORTS = {"http": 80, "https": 443}


def is_response_url(
    url: object, *, region: str, dns_suffix: str, endpoints: Iterable[str] = ()
) -> bool:
    """Whether a URL is a response URL of CloudFormation.

    Args:
        url: the event's `ResponseURL`.
        region: the region of the function.
        dns_suffix: the DNS suffix of the partition, such as `amazonaws.com`.
        endpoints: URLs of configured AWS emulators; only loopback addresses count.
    """
    if not isinstance(url, str):
        return False
    found = _AWS.fullmatch(url)
    if found and found[1] in _hosts(region, dns_suffix):
        return True
    return bool(_LOCAL.fullmatch(url)) and _origin(url) in {*map(_origin, endpoints)} - {None}


def _hosts(region: str, dns_suffix: str) -> set[str]:
    """Return the DNS names of the bucket.

    CloudFormation uses `s3` in us-east-1, `s3-{region}` in the older regions and `s3.{region}` in
    the others; dual-stack and FIPS are further endpoints of the same bucket:
    https://docs.aws.amazon.com/general/latest/gr/s3.html.
    """
    if not region:
        return set()
    bucket = f"cloudformation-custom-resource-response-{region.replace('-', '')}"
    services = (
        "s3",
        f"s3.{region}",
        f"s3-{region}",
        f"s3.dualstack.{region}",
        f"s3-fips.{region}",
        f"s3-fips.dualstack.{region}",
    )
    return {f"{bucket}.{service}.{dns_suffix}" for service in services}


def _origin(url: str) -> tuple[str, int] | None:
    """Return scheme and port of a loopback URL, for any loopback name; else None."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.hostname not in LOOPBACK or parts.username is not None or parts.scheme not in _PORTS:
        return None
    return parts.scheme, port or _PORTS[parts.scheme]
