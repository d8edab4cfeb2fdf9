"""Store kept bodies that are too large for an item of DynamoDB."""

from typing import Any

from bridge.adapters.aws.clients import AWS_ERRORS, unavailable


class S3KeptObjects:
    """Objects of a bucket, whose lifecycle rules delete them.

    Args:
        client: with boto3's method `put_object`.
        bucket: its name.
    """

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, name: str, value: bytes) -> None:
        """Store an object. Raises UnavailableError."""
        try:
            self._client.put_object(Bucket=self._bucket, Key=name, Body=value)
        except AWS_ERRORS as exc:
            raise unavailable("the bucket of kept bodies does not respond", exc) from exc
