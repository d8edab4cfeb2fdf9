"""Create and delete sources outside the template by invoking the provisioner."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.errors import LocalCloudError

CONNECTION = "webhooks"
"""The connection of `sources.yaml`."""
KEEP_DAYS = 7
"""`KeepBodies` of all sources of the local cloud, where it costs nothing."""


class Provisioner:
    """The deployed provisioner function."""

    def __init__(self, cloud: Cloud, function: str) -> None:
        self._lambda: Any = cloud.client("lambda")
        self._function = function

    def add_source(
        self, provider: str, secret: str, routes: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        """Configure a sender under its provider's name; without routes its body is the message.

        Raises:
            LocalCloudError: the provisioner refuses it.
        """
        self.apply_source(
            {
                "Name": provider,
                "Provider": provider,
                "Secrets": [secret],
                "Connection": CONNECTION,
                "KeepBodies": KEEP_DAYS,
                **({"Routes": list(routes)} if routes else {}),
            }
        )

    def apply_source(self, properties: Mapping[str, Any]) -> None:
        """Configure a sender as a template resource does. Raises LocalCloudError."""
        self._invoke({"action": "apply", "source": properties})

    def remove_source(self, name: str) -> None:
        """Delete a source. Raises LocalCloudError."""
        self._invoke({"action": "destroy", "source": name})

    def warnings_of(self, name: str) -> list[str]:
        """The warnings about a source, as sentences. Raises LocalCloudError."""
        status = self._invoke({"action": "status", "source": name})["source"]
        return [*status.get("warnings", ())]

    def _invoke(self, request: dict[str, Any]) -> dict[str, Any]:
        answer = self._lambda.invoke(
            FunctionName=self._function, Payload=json.dumps(request).encode()
        )
        document: Any = json.loads(answer["Payload"].read() or b"null")
        response = document if isinstance(document, dict) else {}
        if answer.get("FunctionError") or not response.get("ok"):
            reason = response.get("error") or response.get("errorMessage") or "no answer"
            raise LocalCloudError(
                f"the provisioner refused to {request['action']} a source: {reason}"
            )
        return response
