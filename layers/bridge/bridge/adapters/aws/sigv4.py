"""Sign requests with AWS Signature Version 4.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hmac
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple


class Credentials(NamedTuple):
    """Credentials to sign with. Those of a function's role have a session token."""

    access_key: str
    secret_key: str
    session_token: str = ""

    def __repr__(self) -> str:
        """Without the secrets."""
        return f"{type(self).__name__}({self.access_key!r})"


class Scope(NamedTuple):
    """The credential scope of a signature."""

    region: str
    service: str


def signed(
    headers: Mapping[str, str],
    content: bytes,
    credentials: Credentials,
    scope: Scope,
    now: datetime,
    *,
    method: str = "POST",
    path: str = "/",
) -> dict[str, str]:
    """The headers of the request with date, token and signature.

    Args:
        headers: names in lower case, with `host`; all are signed.
        content: of the request.
        credentials: to sign with.
        scope: of the signature.
        now: aware, in UTC.
        method: of the request; by default that of a JSON service.
        path: of the URL, percent-encoded; S3 signs it as it is sent.
    """
    # As `strftime("%Y%m%dT%H%M%SZ")`, in half the time.
    moment = f"{now.isoformat()[:19].replace('-', '').replace(':', '')}Z"
    complete = {**headers, "x-amz-date": moment}
    if credentials.session_token:
        complete["x-amz-security-token"] = credentials.session_token
    ordered = sorted(complete)
    lines = "".join([f"{name}:{complete[name]}\n" for name in ordered])
    names = ";".join(ordered)
    request = f"{method}\n{path}\n\n{lines}\n{names}\n{sha256(content).hexdigest()}"
    scope_text = f"{moment[:8]}/{scope.region}/{scope.service}/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{moment}\n{scope_text}\n{sha256(request.encode()).hexdigest()}"
    mac = _keyed(credentials.secret_key, scope_text).copy()
    mac.update(text.encode())
    complete["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={credentials.access_key}/{scope_text}, "
        f"SignedHeaders={names}, Signature={mac.hexdigest()}"
    )
    return complete


@lru_cache(maxsize=8)  # One per service and day.
def _keyed(secret_key: str, scope_text: str) -> hmac.HMAC:
    """An HMAC with the signing key, of which each signature takes a copy."""
    key = f"AWS4{secret_key}".encode()
    for part in scope_text.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.new(key, digestmod="sha256")
