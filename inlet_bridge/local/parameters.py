"""Write secrets to Parameter Store, and read the parameters of the bridge."""

from collections.abc import Mapping
from typing import Any

from inlet_bridge.local.cloud import Cloud


class Parameters:
    """The parameters of one stage, below /inlet-bridge/{stage}."""

    def __init__(self, cloud: Cloud, stage: str) -> None:
        self.prefix = f"/inlet-bridge/{stage}"
        self._ssm: Any = cloud.client("ssm")

    def put_secrets(self, values: Mapping[str, str]) -> None:
        """Write encrypted secrets by the last part of their names."""
        for name, value in values.items():
            self._ssm.put_parameter(
                Name=f"{self.prefix}/secrets/{name}",
                Value=value,
                Type="SecureString",
                Overwrite=True,
            )

    def secret(self, name: str) -> str:
        """One secret, decrypted."""
        answer = self._ssm.get_parameter(Name=f"{self.prefix}/secrets/{name}", WithDecryption=True)
        return str(answer["Parameter"]["Value"])

    def below(self, branch: str) -> dict[str, str]:
        """All values below a path such as `connections`, by their names below the prefix."""
        pages = self._ssm.get_paginator("get_parameters_by_path").paginate(
            Path=f"{self.prefix}/{branch}", Recursive=True
        )
        return {
            found["Name"].removeprefix(f"{self.prefix}/"): found["Value"]
            for page in pages
            for found in page["Parameters"]
        }
