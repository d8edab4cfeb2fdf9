"""Publish, invoke and delete versions of a Lambda function."""

import json
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from botocore.exceptions import WaiterError

from bridge.adapters.aws.clients import AWS_ERRORS, unavailable
from bridge.errors import UnavailableError

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


_POLL_SECONDS = 5
# For the test webhooks, which may be repeated for a minute, and the response.
_RESERVE_SECONDS = 120


class LambdaVersions:
    """The port `Versions` on one function.

    Args:
        client: of Lambda.
        function: its name.
        remaining: seconds until the deadline.
    """

    def __init__(
        self, client: "LambdaClient", function: str, remaining: Callable[[], float]
    ) -> None:
        self._client = client
        self._function = function
        self._remaining = remaining

    def publish(self) -> str:
        """Publish the function as a version and wait until it is active. Raises UnavailableError.

        Lambda returns the last version again if nothing has changed since:
        https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html. With SnapStart,
        the snapshot takes minutes.
        """
        try:
            version = self._client.publish_version(FunctionName=self._function)["Version"]
            try:
                self._client.get_waiter("published_version_active").wait(
                    FunctionName=f"{self._function}:{version}",
                    WaiterConfig={"Delay": _POLL_SECONDS, "MaxAttempts": self._poll_attempts()},
                )
            except WaiterError as exc:
                raise UnavailableError(self._failure(version, exc.last_response)) from exc
        except AWS_ERRORS as exc:
            raise unavailable("the receiver cannot be published", exc) from exc
        return version

    def _failure(self, version: str, response: Mapping[str, Any]) -> str:
        """Why a version is not active; a failed one is deleted, or Lambda would return it again."""
        if response.get("State") != "Failed":
            return f"version {version} is not active yet; deploy again later"
        with suppress(UnavailableError):
            self.remove(version)
        return f"version {version} did not start: {response.get('StateReasonCode', 'Failed')}"

    def _poll_attempts(self) -> int:
        return max(int((self._remaining() - _RESERVE_SECONDS) / _POLL_SECONDS), 1)

    def invoke(self, version: str, event: Mapping[str, Any]) -> tuple[object, str]:
        """Invoke a version; return its response, and the type of its error or an empty string.

        Raises:
            UnavailableError: it was not invoked.
        """
        try:
            answer = self._client.invoke(
                FunctionName=f"{self._function}:{version}", Payload=json.dumps(event).encode()
            )
            content = json.loads(answer["Payload"].read() or b"null")
        except AWS_ERRORS as exc:
            raise unavailable("the new version cannot be invoked", exc) from exc
        if "FunctionError" not in answer:
            return content, ""
        return None, str(content.get("errorType", answer["FunctionError"]))

    def remove(self, version: str) -> None:
        """Delete a version; Lambda refuses if an alias refers to it. Raises UnavailableError."""
        try:
            self._client.delete_function(FunctionName=f"{self._function}:{version}")
        except AWS_ERRORS as exc:
            raise unavailable(f"version {version} cannot be deleted", exc) from exc

    def prune(self, newest: int, named: Collection[str]) -> None:
        """Delete all but so many of the newest versions, and those in use by an alias.

        Args:
            newest: how many.
            named: versions that are not deleted, either.

        Raises:
            UnavailableError: some may be left; the next call deletes them.
        """
        try:
            pages = self._client.get_paginator("list_versions_by_function").paginate(
                FunctionName=self._function
            )
            names = [each["Version"] for page in pages for each in page["Versions"]]
            kept = self._in_use() | set(named)
        except AWS_ERRORS as exc:
            raise unavailable("old versions cannot be listed", exc) from exc
        versions = sorted(map(int, filter(str.isdecimal, names)))  # Without $LATEST.
        for version in map(str, versions[:-newest]):
            if version not in kept:
                self.remove(version)

    def _in_use(self) -> set[str]:
        pages = self._client.get_paginator("list_aliases").paginate(FunctionName=self._function)
        aliases = [alias for page in pages for alias in page["Aliases"]]
        weighted = (alias.get("RoutingConfig", {}) for alias in aliases)
        return {alias["FunctionVersion"] for alias in aliases} | {
            version
            for routing in weighted
            for version in routing.get("AdditionalVersionWeights", {})
        }
