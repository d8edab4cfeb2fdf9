"""Publish a version of the receiver; it must pass a smoke test before it receives traffic.

The template's alias points to the version that `release` returns. A version that fails is deleted
and the stack is rolled back: the alias still points to the previous version, or to a new one with
the same code and configuration.
"""

import operator
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from itertools import starmap
from typing import Any

from bridge.errors import InvalidPropertyError, ThrottledError, UnavailableError
from bridge.names import PREFLIGHT_SOURCE
from bridge.ports.aws import OwnSecrets, Stacks, Versions
from bridge.ports.process import Clock, Sleep
from bridge.preflight.probes import Probe, may_be_stale, new_secret, probes
from bridge.telemetry import logger

# The output size of SHA-256, as RFC 2104 recommends for HMAC keys.
_SECRET_BYTES = 32
# A receiver reads a source again ten seconds after a rejected webhook, and a list of names after a
# minute.
_STALE_PAUSES = 13
_STALE_PAUSE_SECONDS = 5.0
# A deployment and its rollback publish one version each. Nothing of the bridge goes back to an
# older one; they are there to compare, or to point the alias to in an emergency.
_KEPT_VERSIONS = 5
# With SnapStart, AWS charges for the snapshot of each version as long as it exists:
# https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html#snapstart-pricing.
_KEPT_SNAPSHOTS = 1


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
    stacks: Stacks
    secrets: OwnSecrets
    clock: Clock
    sleep: Sleep
    random: Callable[[int], bytes]
    new_id: Callable[[], str]

    @property
    def secret_name(self) -> str:
        """The parameter of the source's secret."""
        return f"/inlet-bridge/{self.stage}/secrets/{PREFLIGHT_SOURCE}"

    def renew_secret(self) -> str:
        """Replace and return the secret. Raises UnavailableError."""
        secret = new_secret(self.random(_SECRET_BYTES))
        self.secrets.replace(self.secret_name, secret)
        return secret

    def forget_secret(self) -> None:
        """Delete the secret. Raises UnavailableError."""
        self.secrets.delete([self.secret_name])

    def release(self, event: Mapping[str, Any]) -> str:
        """Publish a version and return it if it passes the smoke test.

        A rollback is not tested, since it must not fail.

        Raises:
            InvalidPropertyError: the request is invalid; nothing was published.
            UnavailableError: the version was rejected, or cannot be tested.
        """
        is_rollback = self._is_rollback(event)
        named, newest = _named_versions(event), _newest_kept(event)
        version = self.versions.publish()
        if is_rollback:
            logger.info("rollback", extra={"version": version})
            return version
        if fault := self._fault(version):
            self._remove(version)
            raise UnavailableError(f"version {version} of the receiver was refused: {fault}")
        self._prune(newest, named)
        return version

    def _is_rollback(self, event: Mapping[str, Any]) -> bool:
        """Whether CloudFormation restores the previous properties.

        A lower version is a sign. Changed parameters have no order, so the stack's status decides.
        """
        former = event.get("OldResourceProperties")
        if former is None:
            return False
        before, after = _versions(former), _versions(event["ResourceProperties"])
        if any(starmap(operator.lt, zip(after, before, strict=False))):
            return True
        try:
            return self.stacks.is_rolling_back(event["StackId"])
        except UnavailableError as exc:
            logger.warning("taken for a release", extra={"reason": str(exc)})
            return False

    def _fault(self, version: str) -> str:
        """Return the first failed expectation; empty if the version passes."""
        pauses = _STALE_PAUSES
        for probe in probes(self.renew_secret(), self.new_id(), self.clock()):
            fault, is_stale = self._ask(version, probe)
            while fault and is_stale and pauses:
                pauses -= 1
                logger.info("probe is repeated", extra={"version": version, "reason": fault})
                self.sleep(_STALE_PAUSE_SECONDS)
                fault, is_stale = self._ask(version, probe)
            if fault:
                return fault
            logger.info("probe passed", extra={"version": version, "probe": probe.what})
        return ""

    def _ask(self, version: str, probe: Probe) -> tuple[str, bool]:
        """Return what is wrong with the response, and whether another one may be right.

        So it is if a stale read may be the cause, or if webhooks use up the reserved concurrency of
        the receiver or that of the account.
        """
        try:
            answer, error = self.versions.invoke(version, probe.event)
        except ThrottledError as exc:
            return str(exc), True
        if error:
            return f"{probe.what} ended with {error}", False
        return probe.fault(answer), may_be_stale(answer)

    def _remove(self, version: str) -> None:
        """Delete a rejected version. CloudFormation deletes those that SAM's alias refers to."""
        try:
            self.versions.remove(version)
        except UnavailableError as exc:
            logger.warning("rejected version was not deleted", extra={"reason": str(exc)})

    def _prune(self, newest: int, named: Collection[str]) -> None:
        """Delete old versions: each release adds one."""
        try:
            self.versions.prune(newest, named)
        except UnavailableError as exc:
            logger.warning("old versions were not deleted", extra={"reason": str(exc)})


def _named_versions(event: Mapping[str, Any]) -> set[str]:
    """The versions of the function that the template names, before and after the update.

    If a later resource fails, CloudFormation points SAM's alias to the former one again, and Lambda
    refuses an alias of a version that does not exist: the rollback would fail. CloudFormation
    deletes the former one itself after an update that succeeds.
    """
    templates = (event["ResourceProperties"], event.get("OldResourceProperties"))
    return {str(_versions(properties)[0]) for properties in templates if properties is not None}


def _newest_kept(event: Mapping[str, Any]) -> int:
    """How many of the newest versions are kept, besides those that something refers to."""
    match event["ResourceProperties"]:
        case {"Configuration": {"SnapStart": {"ApplyOn": "PublishedVersions"}}}:
            return _KEPT_SNAPSHOTS
    return _KEPT_VERSIONS


def _versions(properties: object) -> list[int]:
    """Return the versions of the function and its layers, from the ends of their ARNs."""
    arns = properties.get("Versions") if isinstance(properties, Mapping) else None
    ends = [str(arn).rpartition(":")[2] for arn in arns] if isinstance(arns, list) else []
    if not ends or not all(end.isdecimal() for end in ends):
        raise InvalidPropertyError("Versions", "must be a list of ARNs that end in a version")
    return [int(end) for end in ends]
