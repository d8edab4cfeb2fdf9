"""Share the access token of a stage between functions, in an encrypted SSM parameter."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bridge.adapters.aws.clients import AWS_ERRORS, unavailable
from bridge.adapters.aws.ssm import encryption
from bridge.adapters.aws.ssm_versions import SsmVersions
from bridge.errors import ThrottledError, UnavailableError

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

    from bridge.ports.process import Clock

# Longer than three attempts to get a token; an interrupted lock holder blocks others this long.
_LOCK_LEASE = timedelta(seconds=45)


class SsmTokenStore:
    """The port `TokenStore`: `{path}/token`, and the lock `{path}/minting`.

    Args:
        client: of SSM.
        path: of the stage's tokens.
        now: the time.
        kms_key: encrypts the token; empty for the AWS managed key.
    """

    def __init__(self, client: "SSMClient", path: str, now: "Clock", kms_key: str = "") -> None:
        self._client = client
        self._encryption = encryption(kms_key)
        self._locks = SsmVersions(client)
        self._token = f"{path}/token"
        self._minting = f"{path}/minting"
        self._now = now

    def read(self) -> str | None:
        """The last token that was written, or None. Raises UnavailableError."""
        try:
            answer = self._client.get_parameters(Names=[self._token], WithDecryption=True)
        except AWS_ERRORS as exc:
            raise unavailable("the shared token cannot be read", exc) from exc
        return answer["Parameters"][0]["Value"] if answer["Parameters"] else None

    def write(self, text: str) -> None:
        """Store a token. Raises UnavailableError."""
        try:
            self._client.put_parameter(
                Name=self._token,
                Value=text,
                Overwrite=True,
                Tier="Intelligent-Tiering",
                **self._encryption,
            )
        except AWS_ERRORS as exc:
            raise unavailable("the shared token cannot be written", exc) from exc

    def forget(self) -> None:
        """Delete the token and its lock, if they exist. Raises UnavailableError."""
        self._locks.remove(self._token)
        self._locks.remove(self._minting)

    def lock(self) -> bool:
        """Acquire the lock for getting a new token. Raises UnavailableError."""
        until = (self._now() + _LOCK_LEASE).isoformat()
        # Read first: SSM accepts three writes a second, for up to a thousand environments.
        found = self._locks.read(self._minting)
        if found and self._now() < datetime.fromisoformat(found[0]):
            return False
        try:
            if found is None:
                return self._locks.create(self._minting, until)
            return self._locks.overwrite(self._minting, until) == found[1] + 1
        except ThrottledError:  # By concurrent writers, of which one gets the lock.
            return False

    def unlock(self) -> None:
        """Release the lock; if that fails, it expires.

        It is overwritten with a lease that has ended: SSM asks to wait 30 seconds before a deleted
        name is created again.
        https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameters.html
        """
        with suppress(UnavailableError, *AWS_ERRORS):
            self._client.put_parameter(
                Name=self._minting, Value=self._now().isoformat(), Type="String", Overwrite=True
            )
