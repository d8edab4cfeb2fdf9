"""The provisioner as a whole, from what it needs of the world."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from bridge.ports.adobe import Datasets, FlowService, MappingSets, Schemas
from bridge.ports.aws import Parameters, VersionedParameters
from bridge.ports.process import Clock, Sleep
from bridge.provisioning.connections.adobe_objects import Objects
from bridge.provisioning.connections.builder import Builder
from bridge.provisioning.connections.executor import ChangeExecutor
from bridge.provisioning.connections.journal import Journals
from bridge.provisioning.connections.lifecycle import Connections
from bridge.provisioning.connections.observation import Observer
from bridge.provisioning.connections.records import Records
from bridge.provisioning.connections.removal import Removal
from bridge.provisioning.connections.sandbox import SandboxCheck, Tenant
from bridge.provisioning.doctor import Doctor
from bridge.provisioning.sources.documents import Documents
from bridge.provisioning.sources.lifecycle import Sources


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What the provisioner needs.

    Attributes:
        journals: the same texts as `parameters`, with their versions.
        tenant: reads the credentials; raises UnavailableError.
        token: gets an access token; raises AdobeError, UnavailableError.
        reach: connects to the host of a URL; raises AdobeError.
        forget_token: deletes the token that the functions share.
        run: makes a name for a run that no other has.
        now: the time.
        sleep: waits, or raises UnavailableError when there is no time to.
    """

    parameters: Parameters
    journals: VersionedParameters
    flow_service: FlowService
    mapping_sets: MappingSets
    datasets: Datasets
    schemas: Schemas
    tenant: Callable[[], Tenant]
    token: Callable[[], object]
    forget_token: Callable[[], None]
    language: Callable[[str], object]
    run: Callable[[], str]
    now: Clock
    sleep: Sleep


@dataclass(frozen=True, slots=True)
class Provisioner:
    """Connections and sources of one stage."""

    stage: str
    connections: Connections
    sources: Sources
    doctor: Doctor

    @classmethod
    def of(
        cls,
        dependencies: Dependencies,
        *,
        stage: str,
        installation: str,
        inlet_hosts: tuple[str, ...],
        settling_seconds: int,
    ) -> Self:
        """Put the parts together.

        Args:
            dependencies: what it needs.
            stage: as in the names of SSM parameters.
            installation: the AWS region and account, as `{region}:{account}`.
            inlet_hosts: `host` or `host:port` entries that an inlet URL may name.
            settling_seconds: how long a new flow is given before it gets messages.
        """
        records = Records(dependencies.parameters, stage)
        documents = Documents(dependencies.parameters, stage)
        objects = Objects(
            dependencies.flow_service, dependencies.mapping_sets, dependencies.datasets
        )
        builder = Builder(
            objects=objects,
            now=dependencies.now,
            sleep=dependencies.sleep,
            settling=timedelta(seconds=settling_seconds),
            inlet_hosts=inlet_hosts,
        )
        journals = Journals(
            dependencies.journals, stage, dependencies.now, dependencies.sleep, dependencies.run
        )
        observer = Observer(objects)
        sandbox_check = SandboxCheck(stage, installation, dependencies.tenant)
        connections = Connections(
            records=records,
            documents=documents,
            journals=journals,
            observer=observer,
            sandbox_check=sandbox_check,
            change=ChangeExecutor(
                documents, dependencies.schemas, builder, dependencies.now, dependencies.sleep
            ),
            removal=Removal(
                records=records,
                documents=documents,
                journals=journals,
                observer=observer,
                builder=builder,
                sandbox_check=sandbox_check,
                forget_token=dependencies.forget_token,
                sleep=dependencies.sleep,
            ),
            inlet_hosts=inlet_hosts,
        )
        doctor = Doctor(
            parameters=dependencies.parameters,
            records=records,
            documents=documents,
            objects=objects,
            tenant=dependencies.tenant,
            token=dependencies.token,
            language=dependencies.language,
        )
        sources = Sources(
            dependencies.parameters,
            records,
            documents,
            dependencies.schemas,
            stage,
            dependencies.now,
        )
        return cls(stage, connections, sources, doctor)
