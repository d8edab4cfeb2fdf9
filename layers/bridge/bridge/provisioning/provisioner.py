"""Assemble the provisioner from its dependencies."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Self

from bridge.ports.adobe import (
    Datasets,
    Expirations,
    FlowService,
    IdentityNamespaces,
    MappingSets,
    Sandboxes,
    SchemaLibrary,
    Schemas,
)
from bridge.ports.aws import OwnSecrets, Parameters, VersionedParameters
from bridge.ports.process import Clock, Persist, Sleep
from bridge.ports.vendors import VendorApi
from bridge.provisioning.connections.adobe_objects import Objects
from bridge.provisioning.connections.builder import Builder
from bridge.provisioning.connections.designs import Designs
from bridge.provisioning.connections.destinations import Destinations
from bridge.provisioning.connections.executor import ChangeExecutor
from bridge.provisioning.connections.lifecycle import Connections
from bridge.provisioning.connections.observation import Observer
from bridge.provisioning.connections.planned import PlannedConnections
from bridge.provisioning.connections.removal import Removal
from bridge.provisioning.connections.sandbox import SandboxCheck, Tenant
from bridge.provisioning.doctor import Doctor
from bridge.provisioning.journal import Heartbeat, Journals
from bridge.provisioning.message_check import MessageCheck, SendForValidation
from bridge.provisioning.ownership import SourceOwners
from bridge.provisioning.records import Records
from bridge.provisioning.sources.documents import Documents
from bridge.provisioning.sources.lifecycle import Sources
from bridge.provisioning.sources.preparation import SourcePreparation
from bridge.provisioning.subscriptions.addresses import Addresses
from bridge.provisioning.subscriptions.drift import SubscriptionDrift
from bridge.provisioning.subscriptions.lifecycle import Subscriptions
from bridge.provisioning.subscriptions.preparation import Preparation
from bridge.provisioning.subscriptions.removal import HookRemoval
from bridge.provisioning.subscriptions.stored import StoredSubscriptions


@dataclass(frozen=True, slots=True)
class Dependencies:
    """The ports of the provisioner.

    Attributes:
        journals: the same parameters as `parameters`, with their versions.
        inlet: for messages that Adobe only validates.
        own_secrets: the secrets of subscriptions.
        vendors: the APIs at which webhooks are registered.
        new_key: returns 32 random bytes.
        tenant: reads the credentials; raises UnavailableError.
        token: gets an access token; raises AdobeError, UnavailableError.
        check_host: connects to the host of a URL; raises AdobeError.
        check_batches: reads batches and failed records; raises AdobeError.
        delete_token: deletes the token that the functions share.
        new_run_id: generates a unique id for a run.
        now: the current time.
        sleep: waits, or raises UnavailableError if the deadline is too close.
        persist: waits for further attempts of a deployment.
        heartbeat: must beat while a run waits.
    """

    parameters: Parameters
    journals: VersionedParameters
    flow_service: FlowService
    mapping_sets: MappingSets
    datasets: Datasets
    schemas: Schemas
    library: SchemaLibrary
    namespaces: IdentityNamespaces
    expirations: Expirations
    sandboxes: Sandboxes
    inlet: SendForValidation
    own_secrets: OwnSecrets
    vendors: VendorApi
    new_key: Callable[[], bytes]
    tenant: Callable[[], Tenant]
    token: Callable[[], object]
    delete_token: Callable[[], None]
    check_host: Callable[[str], object]
    check_batches: Callable[[], object]
    new_run_id: Callable[[], str]
    now: Clock
    sleep: Sleep
    persist: Persist
    heartbeat: Heartbeat = field(default_factory=Heartbeat)


@dataclass(frozen=True, slots=True)
class Provisioner:
    """The connections and sources of one stage.

    Attributes:
        webhook_url: of the API or the custom domain, without a trailing slash.
        tenant_id: reads the ID below which Adobe has custom fields; raises AdobeError.
    """

    stage: str
    webhook_url: str
    connections: Connections
    sources: Sources
    doctor: Doctor
    message_check: MessageCheck
    planned_connections: PlannedConnections
    tenant_id: Callable[[], str]

    @classmethod
    def of(
        cls,
        dependencies: Dependencies,
        *,
        stage: str,
        installation: str,
        inlet_hosts: tuple[str, ...],
        webhook_url: str,
    ) -> Self:
        """Assemble the provisioner.

        Args:
            dependencies: its ports.
            stage: as in the names of SSM parameters.
            installation: the AWS region and account, as `{region}:{account}`.
            inlet_hosts: `host` or `host:port` entries that an inlet URL may name.
            webhook_url: of the API or the custom domain, without a trailing slash.
        """
        records = Records(dependencies.parameters, stage)
        documents = Documents(dependencies.parameters, stage)
        objects = Objects(
            dependencies.flow_service,
            dependencies.mapping_sets,
            dependencies.datasets,
            dependencies.library,
        )
        builder = Builder(
            objects=objects,
            now=dependencies.now,
            sleep=dependencies.sleep,
            persist=dependencies.persist,
            inlet_hosts=inlet_hosts,
        )
        journals = Journals(
            dependencies.journals,
            stage,
            dependencies.now,
            dependencies.sleep,
            dependencies.new_run_id,
            dependencies.heartbeat,
        )
        destinations = Destinations(
            objects, dependencies.schemas, dependencies.expirations, dependencies.now
        )
        designs = Designs(dependencies.library, dependencies.namespaces)
        observer = Observer(objects, destinations, designs)
        sandbox_check = SandboxCheck(stage, installation, dependencies.tenant)
        connections = Connections(
            records=records,
            documents=documents,
            journals=journals,
            observer=observer,
            sandbox_check=sandbox_check,
            executor=ChangeExecutor(
                documents, dependencies.schemas, builder, dependencies.now, dependencies.sleep
            ),
            removal=Removal(
                records=records,
                documents=documents,
                journals=journals,
                observer=observer,
                builder=builder,
                sandbox_check=sandbox_check,
                delete_token=dependencies.delete_token,
                sleep=dependencies.sleep,
            ),
            inlet_hosts=inlet_hosts,
        )
        doctor = Doctor(
            parameters=dependencies.parameters,
            records=records,
            documents=documents,
            objects=objects,
            schemas=dependencies.schemas,
            namespaces=dependencies.namespaces,
            tenant=dependencies.tenant,
            token=dependencies.token,
            check_host=dependencies.check_host,
            check_batches=dependencies.check_batches,
        )
        stored = StoredSubscriptions(
            dependencies.parameters, dependencies.own_secrets, stage, dependencies.new_key
        )
        addresses = Addresses(dependencies.parameters, installation, stage, webhook_url)
        preparation = Preparation(stored, dependencies.vendors, addresses)
        subscriptions = Subscriptions(
            stored,
            preparation,
            replace(journals, resource="sources"),
            HookRemoval(stored, dependencies.vendors, addresses),
            dependencies.persist,
        )
        owners = SourceOwners(dependencies.parameters, stage)
        sources = Sources(
            dependencies.parameters,
            documents,
            owners,
            SourcePreparation(
                dependencies.parameters,
                records,
                documents,
                dependencies.schemas,
                dependencies.namespaces,
                owners,
                stage,
                dependencies.now,
            ),
            subscriptions,
            SubscriptionDrift(preparation),
            stage,
        )
        message_check = MessageCheck(records, dependencies.sandboxes, dependencies.inlet)
        tenant_id = dependencies.library.tenant
        planned = PlannedConnections(connections, dependencies.library, dependencies.schemas)
        return cls(
            stage, webhook_url, connections, sources, doctor, message_check, planned, tenant_id
        )
