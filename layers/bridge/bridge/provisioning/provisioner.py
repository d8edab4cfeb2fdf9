"""The provisioner as a whole, from what it needs of the world."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from bridge.ports import Clock, FlowService, Parameters, Sleep
from bridge.provisioning.builder import Builder
from bridge.provisioning.connections import Connections, Tenant
from bridge.provisioning.documents import Documents
from bridge.provisioning.records import Records
from bridge.provisioning.sources import Sources


@dataclass(frozen=True, slots=True)
class World:
    """What the provisioner needs.

    Attributes:
        tenant: reads the credentials; raises UnavailableError.
        now: the time.
        sleep: waits, or raises UnavailableError when there is no time to.
    """

    parameters: Parameters
    flow_service: FlowService
    tenant: Callable[[], Tenant]
    now: Clock
    sleep: Sleep


@dataclass(frozen=True, slots=True)
class Provisioner:
    """Connections and sources of one stage."""

    stage: str
    connections: Connections
    sources: Sources

    @classmethod
    def of(
        cls,
        world: World,
        *,
        stage: str,
        installation: str,
        inlet_hosts: tuple[str, ...],
        settling_seconds: int,
    ) -> Self:
        """Put the parts together.

        Args:
            world: what it needs.
            stage: as in the names of SSM parameters.
            installation: the AWS region and account, as `{region}:{account}`.
            inlet_hosts: `host` or `host:port` entries that an inlet URL may name.
            settling_seconds: how long a new flow is given before it gets messages.
        """
        records = Records(world.parameters, stage)
        documents = Documents(world.parameters, stage)
        builder = Builder(
            flow_service=world.flow_service,
            now=world.now,
            sleep=world.sleep,
            settling=timedelta(seconds=settling_seconds),
            inlet_hosts=inlet_hosts,
        )
        connections = Connections(
            records=records,
            documents=documents,
            flow_service=world.flow_service,
            builder=builder,
            tenant=world.tenant,
            installation=installation,
            sleep=world.sleep,
        )
        return cls(
            stage, connections, Sources(world.parameters, records, documents, stage, world.now)
        )
