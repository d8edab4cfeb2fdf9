"""Tests of the age of signatures."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import jwt
import pytest

from bridge.errors import InvalidSignatureError
from bridge.verification.jwt_scheme import JwtScheme
from bridge.verification.signature_age import check_age
from bridge.verification.verify import verify
from bridge.webhook import Webhook

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
SECRET = "a secret of at least 32 characters"
RECORDS = timedelta(days=7)
SCHEME = JwtScheme(("header:token",), ("HS256",), require=("iat",), body_sha256="hash")


def checked(issued: float) -> None:
    """Verify a webhook whose token has this `iat`."""
    body = b'{"a":1}'
    token = jwt.encode({"iat": issued, "hash": sha256(body).hexdigest()}, SECRET, "HS256")
    webhook = Webhook("POST", "https://example.com/", {"token": token}, body)
    verify(SCHEME, webhook, (SECRET,), NOW)
    check_age(SCHEME, webhook, NOW, RECORDS)


@pytest.mark.parametrize("offset", [0, -0.25, -1e-3, 0.5 - RECORDS.total_seconds()])
def test_issue_time_may_have_a_fraction(offset: float) -> None:
    """RFC 7519, section 2: NumericDate can be a number with a fraction."""
    checked(NOW.timestamp() + offset)


@pytest.mark.parametrize("offset", [-1, -0.5])
def test_token_older_than_the_records_is_rejected(offset: float) -> None:
    with pytest.raises(InvalidSignatureError, match="more than 7 days ago"):
        checked((NOW - RECORDS).timestamp() + offset)
