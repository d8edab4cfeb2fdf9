"""The access token that all functions of a stage share, as an encrypted SSM parameter."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from bridge.adapters.aws.clients import unavailable_if_it_fails
from bridge.adapters.aws.ssm import encryption
from bridge.adapters.aws.ssm_versions import SsmVersions
from bridge.errors import UnavailableError

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

    from bridge.ports.process import Clock

_THROTTLED = frozenset({"ThrottlingException", "TooManyUpdates"})
# Longer than three tries to get a token; whoever dies with the lock holds the others up so long.
_LOCKED = timedelta(seconds=45)


class SsmTokenStore:
    """The port `TokenStore`: `{path}/token` and, while somebody gets a new one, `{path}/minting`.

    Args:
        client: of SSM.
        path: of the stage's tokens.
        now: the time.
        kms_key: encrypts the token; empty is AWS's own key.
    """

    def __init__(self, client: "SSMClient", path: str, now: "Clock", kms_key: str = "") -> None:
        self._client = client
        self._encryption = encryption(kms_key)
        self._locks = SsmVersions(client)
        self._token = f"{path}/token"
        self._minting = f"{path}/minting"
        self._now = now

    def read(self) -> str | None:
        """What was written last, or None. Raises UnavailableError."""
        with unavailable_if_it_fails("the shared token cannot be read"):
            answer = self._client.get_parameters(Names=[self._token], WithDecryption=True)
        return answer["Parameters"][0]["Value"] if answer["Parameters"] else None

    def write(self, text: str) -> None:
        """Keep a token for everybody. Raises UnavailableError."""
        with unavailable_if_it_fails("the shared token cannot be written"):
            self._client.put_parameter(
                Name=self._token,
                Value=text,
                Overwrite=True,
                Tier="Intelligent-Tiering",
                **self._encryption,
            )

    def forget(self) -> None:
        """Delete the token; none is fine. Raises UnavailableError."""
        self._locks.remove(self._token)

    def lock(self) -> bool:
        """Whether the caller is the one that gets a new token. Raises UnavailableError."""
        until = (self._now() + _LOCKED).isoformat()
        # Read first: SSM takes three writes a second, and a thousand environments may ask at once.
        found = self._locks.read(self._minting)
        if found and self._now() < datetime.fromisoformat(found[0]):
            return False
        try:
            if found is None:
                return self._locks.create(self._minting, until)
            return self._locks.overwrite(self._minting, until) == found[1] + 1
        except UnavailableError as exc:
            if _is_throttled(exc):
                return False
            raise

    def unlock(self) -> None:
        """Let the next one try; if that fails, the lock runs out."""
        with suppress(UnavailableError):
            self._locks.remove(self._minting)


def _is_throttled(exc: UnavailableError) -> bool:
    """Others write at the same time, so one of them has the lock or will have it."""
    cause = exc.__cause__
    return isinstance(cause, ClientError) and cause.response["Error"]["Code"] in _THROTTLED
