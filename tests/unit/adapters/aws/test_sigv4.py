"""Signatures equal those of botocore."""

from datetime import UTC, datetime

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials

from bridge.adapters.aws.sigv4 import Credentials, Scope, signed

NOW = datetime(2026, 11, 25, 9, 5, 7, tzinfo=UTC)
HEADERS = {
    "content-type": "application/x-amz-json-1.1",
    "host": "ssm.eu-central-1.amazonaws.com",
    "x-amz-target": "AmazonSSM.GetParameters",
}


def signed_by_botocore(content: bytes, token: str) -> str:
    request = AWSRequest("POST", f"https://{HEADERS['host']}/", HEADERS, content)
    request.context["timestamp"] = NOW.strftime("%Y%m%dT%H%M%SZ")
    credentials = BotocoreCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7", token or None)
    auth = SigV4Auth(credentials, "ssm", "eu-central-1")
    request.headers["X-Amz-Date"] = request.context["timestamp"]
    if token:
        request.headers["X-Amz-Security-Token"] = token
    string = auth.string_to_sign(request, auth.canonical_request(request))
    return str(auth.signature(string, request))


@pytest.mark.parametrize("token", ["", "IQoJb3JpZ2luX2VjE"])
@pytest.mark.parametrize("content", [b"", b'{"Names":["/a"]}', "é".encode()])
def test_signature_equals_that_of_botocore(content: bytes, token: str) -> None:
    credentials = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7", token)
    headers = signed(HEADERS, content, credentials, Scope("eu-central-1", "ssm"), NOW)

    assert headers["authorization"].rpartition("Signature=")[2] == signed_by_botocore(
        content, token
    )
    assert headers["x-amz-date"] == "20261125T090507Z"
    assert headers.get("x-amz-security-token", "") == token


def test_header_has_the_scope_and_the_signed_headers() -> None:
    headers = signed(HEADERS, b"", Credentials("AKID", "key"), Scope("eu-central-1", "ssm"), NOW)

    assert headers["authorization"].startswith(
        "AWS4-HMAC-SHA256 Credential=AKID/20261125/eu-central-1/ssm/aws4_request, "
        "SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature="
    )


def test_representation_of_credentials_contains_no_secret() -> None:
    shown = repr(Credentials("AKID", "CANARY", "CANARY"))

    assert "AKID" in shown
    assert "CANARY" not in shown
