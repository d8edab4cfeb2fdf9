"""What a map is compared with: schemas of the deployment, read anew after a minute."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from inlet_bridge.mapping.deployment import DeployedConnection, DeployedSchemas
from inlet_bridge.operations.configuration.sources_stack import deployed_values
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.provisioner import Provisioner
from inlet_bridge.operations.unreachable import rejection, unreachable

_LIFETIME_SECONDS: Final = 60
_MOST_KEPT: Final = 50


@dataclass(frozen=True, slots=True)
class MapDeployment:
    """A deployment.

    Attributes:
        values: with which functions of the template are resolved.
        read: reads the schemas of a connection, with its properties in the file if that has it;
            raises OperationError, ClientError, BotoCoreError.
    """

    values: Mapping[str, str]
    read: Callable[[str, Mapping[str, Any] | None], DeployedSchemas]

    def schemas(
        self, connection: str, declared: Mapping[str, Any] | None = None
    ) -> tuple[DeployedSchemas | None, tuple[str, ...]]:
        """The schemas of a connection, or why they are not known.

        Args:
            connection: its name; empty if it is not known.
            declared: its properties in the file; None if the file does not have it.
        """
        if not connection:
            text = "the name of the connection is not known from the file"
            return None, (f"{text}, so messages are compared with no deployed schema",)
        try:
            return self.read(connection, declared), ()
        except OperationError as exc:
            reason = str(exc)
        except BotoCoreError as exc:
            reason = str(unreachable(exc))
        except ClientError as exc:
            reason = rejection(exc)
        return None, (f"the deployed schemas of {connection} cannot be read: {reason}",)


@dataclass(slots=True)
class MapDeployments:
    """Reads deployments; each text that is typed would call Adobe otherwise."""

    clock: Callable[[], float] = monotonic
    _kept: dict[tuple[str, ...], tuple[float, object]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def of(self, deployed: Deployed) -> MapDeployment:
        """A deployment. Raises OperationError, ClientError, BotoCoreError."""
        values = self._get((deployed.stack,), lambda: deployed_values(deployed))

        def read(connection: str, declared: Mapping[str, Any] | None) -> DeployedSchemas:
            schemas = DeployedConnection(Provisioner(deployed), connection, declared).schemas
            return self._get((deployed.stack, connection, json.dumps(declared)), schemas)

        return MapDeployment(values, read)

    def _get[T](self, key: tuple[str, ...], read: Callable[[], T]) -> T:
        with self._lock:
            at, found = self._kept.get(key, (0.0, None))
            if found is None or self.clock() - at > _LIFETIME_SECONDS:
                try:
                    found = read()
                except (OperationError, ClientError, BotoCoreError) as exc:
                    found = exc
                if len(self._kept) >= _MOST_KEPT:
                    self._kept.clear()
                self._kept[key] = self.clock(), found
        if isinstance(found, Exception):
            raise found
        return found  # type: ignore[return-value]  # Kept under the key of this reader.
