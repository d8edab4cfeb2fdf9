"""Write secrets to Parameter Store, and read the parameters of the bridge."""

import re
from collections.abc import Collection, Mapping
from itertools import batched
from typing import Any, Final

from inlet_bridge.local.cloud import Cloud

_MISSING: Final = re.compile(
    r"(/inlet-bridge/[^/\s]+/(?:credentials|secrets)/[^\s;]+) does not exist;"
)
# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html
_MOST_NAMES: Final = 10


def missing_secrets(reason: str) -> frozenset[str]:
    """The secrets and credentials that do not exist, by the reason of a failed deployment."""
    return frozenset(_MISSING.findall(reason))


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

    def exist(self, names: Collection[str]) -> bool:
        """Whether all of these parameters exist, by their whole names."""
        answers = (
            self._ssm.get_parameters(Names=list(some))
            for some in batched(sorted(names), _MOST_NAMES, strict=False)
        )
        return not any(answer["InvalidParameters"] for answer in answers)

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
