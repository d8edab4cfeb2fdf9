"""Put objects into S3 with signed requests, without boto3.

S3 has a REST protocol of its own, unlike the services of `SignedClient`:
https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
"""

import re
from collections.abc import Callable
from hashlib import sha256
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

from bridge.adapters.aws.signed_client import CallPolicy, client_error, connection_error
from bridge.adapters.aws.sigv4 import Credentials, Scope, signed
from bridge.adapters.clock import utc_now
from bridge.adapters.http.connections import NoAnswerError, connections

# Errors are XML documents; their codes are words.
_CODE = re.compile(rb"<Code>([A-Za-z0-9]{1,64})</Code>")


class ObjectClient:
    """Calls S3, each operation with one attempt. Names and errors are those of boto3.

    Args:
        region: of the bucket.
        emulator: base URL of an emulator of S3; empty for AWS. It gets the bucket in the path,
            as boto3 does with addresses without a name.
        host: of S3 in the region; the bucket's name precedes it.
        credentials: to sign with.
        policy: its time-outs.
    """

    def __init__(
        self,
        *,
        region: str,
        emulator: str,
        host: str,
        credentials: Callable[[], Credentials],
        policy: CallPolicy,
    ) -> None:
        self._scope = Scope(region, "s3")
        self._emulator = emulator.rstrip("/")
        self._host = host
        self._credentials = credentials
        self._timeout = policy.timeout

    def put_object(self, *, Bucket: str, Key: str, Body: bytes) -> dict[str, Any]:  # noqa: N803 (the names of boto3)
        """Store an object, encrypted as the bucket says.

        Raises:
            BotoCoreError: there was no response.
            ClientError: S3 refused it.
        """
        # S3 signs a path as it is sent: encoded once, with slashes.
        path = "/" + quote(f"{Bucket}/{Key}" if self._emulator else Key, safe="/-_.~")
        base = self._emulator or f"https://{Bucket}.{self._host}"
        headers = {
            "host": urlsplit(base).netloc,
            "content-type": "application/octet-stream",
            "x-amz-content-sha256": sha256(Body).hexdigest(),
        }
        now, credentials = utc_now(), self._credentials()
        headers = signed(headers, Body, credentials, self._scope, now, method="PUT", path=path)
        try:
            response = connections().send("PUT", base + path, headers, Body, self._timeout)
        except NoAnswerError as exc:
            raise connection_error(exc)(endpoint_url=base) from exc
        if response.status == HTTPStatus.OK:
            return {}
        found = _CODE.search(response.content)
        error = {"__type": found[1].decode()} if found else {}
        raise client_error("PutObject", response.status, error)
