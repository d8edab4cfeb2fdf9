"""Store secrets in Parameter Store with the operator's own credentials."""

from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.unreachable import unreachable

# Of a standard parameter, and of any: AWS Systems Manager, "Managing parameter tiers".
_STANDARD_BYTES: Final = 4_096
MOST_BYTES: Final = 8_192
"""Bytes of the longest secret."""


@dataclass(frozen=True, slots=True)
class SecretStore:
    """SecureString parameters. Methods raise OperationError, without a value.

    Attributes:
        ssm: a client of SSM.
        key: ARN of a KMS key; empty for that of AWS.
    """

    ssm: Any
    key: str = ""

    def get(self, name: str) -> str | None:
        """The value of a parameter, or None if it does not exist."""
        try:
            found = self.ssm.get_parameter(Name=name, WithDecryption=True)
        except ClientError as exc:
            if exc.response["Error"]["Code"] == "ParameterNotFound":
                return None
            raise _refused(exc, name) from None
        except BotoCoreError as exc:
            raise unreachable(exc) from exc
        return str(found["Parameter"]["Value"])

    def put(self, name: str, value: str, *, overwrite: bool) -> None:
        """Write a parameter; without `overwrite` only if it does not exist."""
        size = len(value.encode())
        options = {"KeyId": self.key} if self.key else {}
        if size > _STANDARD_BYTES:
            options["Tier"] = "Advanced"
        try:
            self.ssm.put_parameter(
                Name=name, Value=value, Type="SecureString", Overwrite=overwrite, **options
            )
        except ClientError as exc:
            raise _refused(exc, name) from None
        except BotoCoreError as exc:
            raise unreachable(exc) from exc


def _refused(exc: ClientError, name: str) -> OperationError:
    """AWS's message may quote what was sent, so only its code is shown."""
    code = exc.response["Error"]["Code"]
    if code == "ParameterAlreadyExists":
        return OperationError(f"{name} was created meanwhile", hint="Run the command again.")
    return OperationError(
        f"AWS rejected {exc.operation_name} of {name}: {code}",
        hint="Check AWS_PROFILE, AWS_REGION and the permissions ssm:GetParameter and"
        " ssm:PutParameter for it.",
    )
