"""SSM that lets so many calls a second through and throttles the others, in virtual time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from tests.support.virtual_time import VirtualTime

# Calls a second of an account and region by default, shared by GetParameter, GetParameters and
# GetParametersByPath: https://docs.aws.amazon.com/general/latest/gr/ssm.html
CALLS_PER_SECOND = 40


@dataclass
class ThrottledSsm:
    """A client of SSM that shares one quota with all others; a token bucket of one second.

    Attributes:
        calls: when a call was let through.
        throttled: when a call was throttled.
    """

    time: VirtualTime
    values: Mapping[str, str]
    latency_seconds: float = 0.02
    calls: list[float] = field(default_factory=list)
    throttled: list[float] = field(default_factory=list)
    _tokens: float = CALLS_PER_SECOND
    _at: float = 0.0

    def get_parameters(self, Names: Sequence[str], **_: object) -> dict[str, Any]:  # noqa: N803
        self._let_through("GetParameters")
        found = [
            {"Name": name, "Value": self.values[name]} for name in Names if name in self.values
        ]
        return {"Parameters": found}

    def get_parameters_by_path(self, Path: str, **_: object) -> dict[str, Any]:  # noqa: N803
        self._let_through("GetParametersByPath")
        below = (name for name in self.values if name.startswith(f"{Path}/"))
        return {"Parameters": [{"Name": name, "Value": self.values[name]} for name in below]}

    def _let_through(self, operation: str) -> None:
        now = self.time.now
        self._tokens = min(CALLS_PER_SECOND, self._tokens + (now - self._at) * CALLS_PER_SECOND)
        self._at = now
        is_throttled = self._tokens < 1
        if not is_throttled:
            self._tokens -= 1
        (self.throttled if is_throttled else self.calls).append(now)
        self.time.sleep(self.latency_seconds)
        if is_throttled:
            error = {"Error": {"Code": "ThrottlingException", "Message": "Rate exceeded"}}
            raise ClientError(error, operation)  # type: ignore[arg-type]  # Not all fields.
