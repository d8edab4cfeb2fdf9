"""Read and write SSM parameters; read referenced Secrets Manager secrets."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import batched
from typing import TYPE_CHECKING, Any

from bridge.adapters.aws.clients import AWS_ERRORS, unavailable
from bridge.errors import UnavailableError

if TYPE_CHECKING:
    from typing import Literal, NotRequired, TypedDict

    from mypy_boto3_ssm import SSMClient

    class SecureString(TypedDict):
        """Arguments of PutParameter."""

        Type: Literal["SecureString"]
        KeyId: NotRequired[str]


# The size limit of an advanced parameter (Systems Manager user guide, "Parameter tiers").
_MAX_BYTES = 8_192
# GetParameters and DeleteParameters accept ten names at most (AWS Systems Manager API reference).
_NAMES_PER_CALL = 10


def encryption(kms_key: str) -> "SecureString":
    """The PutParameter arguments for a secret."""
    return {"Type": "SecureString", "KeyId": kms_key} if kms_key else {"Type": "SecureString"}


class SsmParameters:
    """The port `Parameters` on SSM.

    A name below `/aws/reference/secretsmanager/` reads a Secrets Manager secret.

    Args:
        client: of SSM.
        kms_key: encrypts secrets; empty for the AWS managed key.
    """

    def __init__(self, client: "SSMClient", kms_key: str = "") -> None:
        self._client = client
        self._encryption = encryption(kms_key)

    def get(self, names: Sequence[str]) -> dict[str, str]:
        """The values that exist, decrypted. Raises UnavailableError."""
        values: dict[str, str] = {}
        try:
            for some in batched(names, _NAMES_PER_CALL, strict=False):
                answer = self._client.get_parameters(Names=list(some), WithDecryption=True)
                values |= {found["Name"]: found["Value"] for found in answer["Parameters"]}
        except AWS_ERRORS as exc:
            raise unavailable("SSM cannot be read", exc) from exc
        return values

    def under(self, path: str) -> dict[str, str]:
        """All values below a path, decrypted. Raises UnavailableError."""
        try:
            return dict(self._pages(path))
        except AWS_ERRORS as exc:
            raise unavailable(f"SSM cannot be read below {path}", exc) from exc

    def names_in(self, path: str) -> set[str]:
        """The last parts of the names directly below a path. Raises UnavailableError."""
        try:
            return {name.rpartition("/")[2] for name, _ in self._pages(path, deep=False)}
        except AWS_ERRORS as exc:
            raise unavailable(f"SSM cannot be read below {path}", exc) from exc

    def _pages(self, path: str, *, deep: bool = True) -> Iterator[tuple[str, str]]:
        token: dict[str, Any] = {}
        while True:
            page = self._client.get_parameters_by_path(
                Path=path, Recursive=deep, WithDecryption=deep, **token
            )
            for found in page["Parameters"]:
                yield found["Name"], found["Value"]
            if not (following := page.get("NextToken")):
                return
            token = {"NextToken": following}

    def put(self, name: str, value: str) -> None:
        """Write one value; up to 4 kB is free, up to 8 kB is possible.

        Raises:
            UnavailableError: also for a value that SSM would reject, with the reason.
        """
        _check(name, value)
        try:
            self._client.put_parameter(
                Name=name, Value=value, Type="String", Overwrite=True, Tier="Intelligent-Tiering"
            )
        except AWS_ERRORS as exc:
            raise unavailable(f"SSM cannot write {name}", exc) from exc

    def keep(self, name: str, value: str) -> bool:
        """Write a secret unless it exists; the port `NewSecrets`. Raises UnavailableError."""
        try:
            self._client.put_parameter(
                Name=name,
                Value=value,
                Overwrite=False,  # Required by the policies of the roles.
                Tier="Standard",  # The default of an account may differ.
                **self._encryption,
            )
        except self._client.exceptions.ParameterAlreadyExists:
            return False
        except AWS_ERRORS as exc:
            raise unavailable(f"SSM cannot write {name}", exc) from exc
        return True

    def replace(self, name: str, value: str) -> None:
        """Write or overwrite a secret; the port `OwnSecrets`. Raises UnavailableError.

        A name that was deleted must not be created again for 30 seconds, so a secret is never
        deleted in order to be replaced:
        https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameters.html.
        """
        try:
            self._client.put_parameter(
                Name=name, Value=value, Overwrite=True, Tier="Standard", **self._encryption
            )
        except AWS_ERRORS as exc:
            raise unavailable(f"SSM cannot write {name}", exc) from exc

    def delete(self, names: Iterable[str]) -> None:
        """Delete values; they may be missing. Raises UnavailableError."""
        try:
            for some in batched(names, _NAMES_PER_CALL, strict=False):
                self._client.delete_parameters(Names=list(some))
        except AWS_ERRORS as exc:
            raise unavailable("SSM cannot delete", exc) from exc


def _check(name: str, value: str) -> None:
    """SSM rejects a value that is empty, too long or looks like a reference to a parameter."""
    if not value:
        raise UnavailableError(f"SSM cannot store {name}: the value is empty")
    if "{{" in value:
        raise UnavailableError(f"SSM cannot store {name}: the value contains two opening braces")
    if len(value.encode()) > _MAX_BYTES:
        raise UnavailableError(f"SSM cannot store {name}: it has more than {_MAX_BYTES} bytes")
