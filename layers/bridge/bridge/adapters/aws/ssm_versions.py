"""Read and write versioned SSM parameters, to detect concurrent writers."""

from typing import TYPE_CHECKING

from bridge.adapters.aws.clients import AWS_ERRORS, unavailable

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient


class SsmVersions:
    """The port `VersionedParameters`.

    PutParameter without `Overwrite` fails if the name exists, and returns the version that it
    wrote: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html.
    """

    def __init__(self, client: "SSMClient") -> None:
        self._client = client

    def create(self, name: str, value: str) -> bool:
        """Write version 1; False if the name exists. Raises UnavailableError."""
        try:
            self._client.put_parameter(Name=name, Value=value, Type="String", Overwrite=False)
        except self._client.exceptions.ParameterAlreadyExists:
            return False
        except AWS_ERRORS as exc:
            raise unavailable(f"SSM cannot write {name}", exc) from exc
        return True

    def read(self, name: str) -> tuple[str, int] | None:
        """The text and its version, or None if it does not exist. Raises UnavailableError."""
        try:
            found = self._client.get_parameters(Names=[name])["Parameters"]
        except AWS_ERRORS as exc:
            raise unavailable(f"SSM cannot read {name}", exc) from exc
        return (found[0]["Value"], found[0]["Version"]) if found else None

    def overwrite(self, name: str, value: str) -> int:
        """Write the next version and return its number. Raises UnavailableError."""
        try:
            answer = self._client.put_parameter(
                Name=name, Value=value, Type="String", Overwrite=True
            )
        except AWS_ERRORS as exc:
            raise unavailable(f"SSM cannot write {name}", exc) from exc
        return answer["Version"]

    def remove(self, name: str) -> None:
        """Delete a parameter if it exists. Raises UnavailableError."""
        try:
            self._client.delete_parameters(Names=[name])
        except AWS_ERRORS as exc:
            raise unavailable(f"SSM cannot delete {name}", exc) from exc
