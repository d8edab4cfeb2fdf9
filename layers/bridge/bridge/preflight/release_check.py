"""The preflight's use case: no version of the receiver gets webhooks before it has shown its worth.

The template's alias serves the version that `release` answers with. A version that fails is
deleted, and the stack is rolled back: the alias still serves the former one.
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

# As many as a hash of SHA-256, the key of which they are.
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Preflight:
    """Publishes the receiver as it stands, and tries it.

    Attributes:
        stage: whose secret it writes.
        random: gives so many random bytes.
        new_id: gives an id that was never used.
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
        """Where the source's secret is."""
        return f"/inlet-bridge/{self.stage}/secrets/{PREFLIGHT_SOURCE}"

    def renew_secret(self) -> str:
        """Replace the secret and give it. Raises UnavailableError."""
        secret = new_secret(self.random(_SECRET_BYTES))
        self.forget_secret()
        self.secrets.keep(self.secret_name, secret)
        return secret

    def forget_secret(self) -> None:
        """Delete the secret. Raises UnavailableError."""
        self.parameters.delete([self.secret_name])

    def release(self, event: Mapping[str, Any]) -> str:
        """Do what CloudFormation asks for; the version that may serve.

        On the way back to what served before, nothing is tried: a rollback must not fail.

        Raises:
            InvalidPropertyError: nothing was published.
            UnavailableError: the version was refused, with what it did wrong, or cannot be tried.
        """
        former = event.get("OldResourceProperties")
        is_back = former is not None and _is_back(
            _versions(former), _versions(event["ResourceProperties"])
        )
        version = self.versions.publish()
        if is_back:
            return version
        if fault := self._fault(version):
            self._remove(version)
            raise UnavailableError(f"version {version} of the receiver was refused: {fault}")
        return version

    def _fault(self, version: str) -> str:
        """What a version does wrong; empty when it does nothing wrong."""
        for probe in probes(self.renew_secret(), self.new_id(), self.clock()):
            answer, error = self.versions.invoke(version, probe.event)
            fault = f"{probe.what} ended with {error}" if error else probe.fault(answer)
            if fault:
                return fault
            logger.info("as expected", extra={"version": version, "probe": probe.what})
        return ""

    def _remove(self, version: str) -> None:
        """Delete a version: Lambda publishes the same code only once while its version stands."""
        try:
            self.versions.remove(version)
        except UnavailableError as exc:
            logger.warning("a refused version stays", extra={"reason": str(exc)})


def _versions(properties: object) -> list[int]:
    """The versions of the function and its layers, which are the ends of their ARNs."""
    given = properties.get("Versions") if isinstance(properties, Mapping) else None
    ends = [str(arn).rpartition(":")[2] for arn in given] if isinstance(given, list) else []
    if not ends or not all(end.isdecimal() for end in ends):
        raise InvalidPropertyError("Versions", "must be a list of ARNs that end in a version")
    return [int(end) for end in ends]


def _is_back(before: Iterable[int], after: Iterable[int]) -> bool:
    """Whether the function or any of its layers has become an older one."""
    return any(starmap(operator.lt, zip(after, before, strict=False)))
