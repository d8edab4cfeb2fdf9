"""Publish a version of the receiver; it must pass a smoke test before it receives traffic.

The template's alias points to the version that `release` returns. A version that fails is deleted
and the stack is rolled back: the alias still points to the previous version.
"""

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import starmap
from typing import Any

from bridge.errors import InvalidPropertyError, UnavailableError
from bridge.names import PREFLIGHT_SOURCE
from bridge.ports.aws import Parameters, Versions
from bridge.ports.process import Clock, NewSecrets
from bridge.preflight.probes import new_secret, probes
from bridge.telemetry import logger

# The output size of SHA-256, as RFC 2104 recommends for HMAC keys.
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Preflight:
    """Publishes and smoke-tests versions of the receiver.

    Attributes:
        stage: the stage of the deployment.
        random: returns a number of random bytes.
        new_id: returns a unique id.
    """

    stage: str
    versions: Versions
    parameters: Parameters
    secrets: NewSecrets
    clock: Clock
    random: Callable[[int], bytes]
    new_id: Callable[[], str]

    @property
    def secret_name(self) -> str:
        """The parameter of the source's secret."""
        return f"/inlet-bridge/{self.stage}/secrets/{PREFLIGHT_SOURCE}"

    def renew_secret(self) -> str:
        """Replace and return the secret. Raises UnavailableError."""
        secret = new_secret(self.random(_SECRET_BYTES))
        self.forget_secret()
        self.secrets.keep(self.secret_name, secret)
        return secret

    def forget_secret(self) -> None:
        """Delete the secret. Raises UnavailableError."""
        self.parameters.delete([self.secret_name])

    def release(self, event: Mapping[str, Any]) -> str:
        """Publish a version and return it if it passes the smoke test.

        A rollback is not tested, since it must not fail.

        Raises:
            InvalidPropertyError: the request is invalid; nothing was published.
            UnavailableError: the version was rejected, or cannot be tested.
        """
        former = event.get("OldResourceProperties")
        is_rollback = former is not None and _is_rollback(
            _versions(former), _versions(event["ResourceProperties"])
        )
        version = self.versions.publish()
        if is_rollback:
            return version
        if fault := self._fault(version):
            self._remove(version)
            raise UnavailableError(f"version {version} of the receiver was refused: {fault}")
        return version

    def _fault(self, version: str) -> str:
        """Return the first failed expectation; empty if the version passes."""
        for probe in probes(self.renew_secret(), self.new_id(), self.clock()):
            answer, error = self.versions.invoke(version, probe.event)
            fault = f"{probe.what} ended with {error}" if error else probe.fault(answer)
            if fault:
                return fault
            logger.info("probe passed", extra={"version": version, "probe": probe.what})
        return ""

    def _remove(self, version: str) -> None:
        """Delete a version: while it exists, Lambda does not publish the same code again."""
        try:
            self.versions.remove(version)
        except UnavailableError as exc:
            logger.warning("rejected version was not deleted", extra={"reason": str(exc)})


def _versions(properties: object) -> list[int]:
    """Return the versions of the function and its layers, from the ends of their ARNs."""
    arns = properties.get("Versions") if isinstance(properties, Mapping) else None
    ends = [str(arn).rpartition(":")[2] for arn in arns] if isinstance(arns, list) else []
    if not ends or not all(end.isdecimal() for end in ends):
        raise InvalidPropertyError("Versions", "must be a list of ARNs that end in a version")
    return [int(end) for end in ends]


def _is_rollback(before: Iterable[int], after: Iterable[int]) -> bool:
    """Whether the version of the function or of a layer decreases."""
    return any(starmap(operator.lt, zip(after, before, strict=False)))
