"""Deploy the bridge to the local cloud, describe it and delete it."""

import json
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path

from inlet_bridge.local.adobe_process import Adobe
from inlet_bridge.local.artifacts import build
from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.deleted_resources import (
    names_by_kind,
    names_of,
    naming_added_sources,
    what_was_deleted,
)
from inlet_bridge.local.deliveries import Deliveries
from inlet_bridge.local.delivery import WebhookApi
from inlet_bridge.local.errors import LocalCloudError
from inlet_bridge.local.extra_sources import CONNECTION, KEEP_DAYS, Provisioner
from inlet_bridge.local.function_logs import FunctionLogs
from inlet_bridge.local.other_stacks import other_stacks
from inlet_bridge.local.packaging import packaged
from inlet_bridge.local.parameters import Parameters
from inlet_bridge.local.signatures import PROVIDERS, new_secret
from inlet_bridge.local.source_routes import routes_of
from inlet_bridge.local.stack import SOURCES_STACK, STACK, STAGE, Stack
from inlet_bridge.local.verdict import Chain
from inlet_bridge.local.workspace import ARCHITECTURE

EVENT_SOURCE = "events"
"""The source for events from the bus or queue."""
EVENTS_OF = "com.example.shop"
"""The event source that the rule of the bus matches."""
SOURCE = "github"
"""The source of webhooks in `sources.yaml` as it was delivered."""
_FLOW = "events"
"""The flow of the connection in `sources.yaml`."""

_PARTS_OF_A_DOCUMENT = 2
"""`sources/{name}`; further parameters of a source are below it."""

type Step = Callable[[str], AbstractContextManager[object]]
"""Shows a step for the duration of its block."""


@dataclass(frozen=True, slots=True)
class Leftovers:
    """What remains after the deletion.

    Attributes:
        storage: queues, tables and buckets.
        objects: at the emulated Adobe; None if they cannot be counted.
    """

    parameters: tuple[str, ...]
    storage: tuple[str, ...]
    objects: int | None

    @property
    def nothing(self) -> bool:
        """Whether nothing is known to remain."""
        return not self.parameters and not self.storage and not self.objects


@dataclass(frozen=True, slots=True)
class Bridge:
    """A deployed bridge.

    Attributes:
        stack: of `template.yaml`.
        sources: the stack of `sources.yaml`.
    """

    adobe: Adobe
    stack: Stack
    sources: Stack
    parameters: Parameters
    provisioner: Provisioner
    api: WebhookApi
    deliveries: Deliveries
    logs: FunctionLogs

    def chain(self) -> Chain:
        """The connection and flow of all webhooks, from SSM."""
        path = f"connections/{CONNECTION}/flows/{_FLOW}"
        values = self.parameters.below(path)
        return Chain(
            flow_id=values[f"{path}/flow_id"],
            ready_at=datetime.fromisoformat(values[f"{path}/ready_at"]),
        )

    def delete(self) -> Leftovers:
        """Delete the user's stacks, the direct sources and the stacks. Raises LocalCloudError."""
        for other in other_stacks(self.stack.cloud, (self.stack.name, self.sources.name)):
            other.delete()
        owned = names_of(self.stack, "sources") | names_of(self.sources, "sources")
        for name in self._sources():
            if name not in owned:
                self.provisioner.remove_source(name)
        self.sources.delete()  # Before the stack whose exports it imports.
        self.stack.delete()
        below = map(self.parameters.below, ("connections", "sources", "queues"))
        return Leftovers(
            parameters=tuple(chain.from_iterable(below)),
            storage=tuple(self.stack.delete_storage()),
            objects=self.adobe.objects() if self.adobe.emulator else None,
        )

    def deploy_sources(
        self, text: str, parameters: Mapping[str, str], declared: Collection[str]
    ) -> list[str]:
        """Deploy another text of `sources.yaml`; return what to know of what it deletes.

        A sender of the demonstration whose name it declares is deleted: the file has the name now.

        Args:
            text: the template.
            parameters: of it.
            declared: the names of its sources.

        Raises:
            LocalCloudError: with the reason from CloudFormation.
        """
        before = names_by_kind(self.sources)
        former = before["sources"]
        counts = self.deliveries.waiting() if former.difference(declared) else None
        taken = set(PROVIDERS).intersection(declared) - former
        for name in sorted(taken.intersection(self._sources())):
            self.provisioner.remove_source(name)
        documents = self.parameters.below("sources")
        with naming_added_sources(self.sources.name, former.union(declared)):
            self.sources.deploy(text, parameters)
        return what_was_deleted(before, names_by_kind(self.sources), counts, documents)

    def warnings(self) -> list[str]:
        """What the deployment warns about the sources of the file. Raises LocalCloudError."""
        return [
            f"source {name}: {each}"
            for name in sorted(names_of(self.sources, "sources"))
            for each in self.provisioner.warnings_of(name)
        ]

    def _sources(self) -> list[str]:
        """All sources, including those of `inlet send`."""
        names = (name.split("/") for name in self.parameters.below("sources"))
        return [parts[1] for parts in names if len(parts) == _PARTS_OF_A_DOCUMENT]


def deploy_bridge(
    cloud: Cloud,
    adobe: Adobe,
    *,
    template: Path,
    sources: str,
    settling_seconds: int,
    step: Step,
    built: Path | None = None,
    maps: bool = True,
    own: Mapping[str, str] | None = None,
) -> Bridge:
    """Build and deploy the template and the sources, and configure a sender for each provider.

    Args:
        cloud: the emulated account.
        adobe: where the streaming connection is created.
        template: of the bridge.
        sources: the text of `sources.yaml`.
        settling_seconds: how long webhooks wait in the buffer after the flow is created.
        step: shows a step.
        built: a template that is already built and prepared for Lambda.
        maps: without, the body of a webhook of a further sender is the message.
        own: secrets of the sources; the senders of the demonstration have new ones.

    Raises:
        LocalCloudError: a step failed.
    """
    parameters = Parameters(cloud, STAGE)
    with step("Putting secrets into Parameter Store"):
        parameters.put_secrets(
            {
                **{name: new_secret(name) for name in PROVIDERS},
                **(own or {}),
                "adobe": adobe.credentials,
            }
        )
    stack = Stack(cloud, STACK)
    if built is None:
        with step("Building functions and layers"):
            built = build(template)
    with step("Deploying the template"):
        stack.deploy(packaged(built, cloud), overrides(adobe))
    sources_stack = Stack(cloud, SOURCES_STACK)
    with step("Deploying the connection and the sources (sources.yaml)"):
        try:
            given = source_parameters(adobe.dataset_id, adobe.schema_id, settling_seconds)
            sources_stack.deploy(sources, given)
        except LocalCloudError as exc:
            if adobe.emulator:
                raise
            # AWS sends a Delete for the resource that failed; MiniStack does not.
            raise LocalCloudError(
                str(exc),
                hint="What it had made at Adobe until then is still there; the next run adopts it.",
            ) from exc
    provisioner = Provisioner(cloud, stack.resources["ProvisionerFunction"])
    with step("Adding a sender for each further provider"):
        for provider in sorted(set(PROVIDERS) - names_of(sources_stack, "sources")):
            routes = routes_of(provider, has_tenant_fields=adobe.has_tenant_fields) if maps else ()
            provisioner.add_source(provider, f"{parameters.prefix}/secrets/{provider}", routes)
    return Bridge(
        adobe=adobe,
        stack=stack,
        sources=sources_stack,
        parameters=parameters,
        provisioner=provisioner,
        api=WebhookApi(cloud.endpoint, stack.resources["WebhookApi"], parameters.secret),
        deliveries=Deliveries(cloud, stack.resources["Deliveries"]),
        logs=FunctionLogs(cloud, stack.resources),
    )


def overrides(adobe: Adobe) -> Mapping[str, str]:
    """The parameters of `template.yaml`."""
    return {
        "Stage": STAGE,
        "Architecture": ARCHITECTURE,
        "LogRetentionDays": "1",
        "AdobeImsUrl": adobe.ims_url,
        "AdobePlatformUrl": adobe.platform_url,
        "InletHosts": ",".join(adobe.inlet_hosts),
        "Alarms": "disabled",  # Nothing would evaluate most of them.
    }


def source_parameters(dataset_id: str, schema_id: str, settling_seconds: int) -> Mapping[str, str]:
    """The parameters of `sources.yaml`."""
    return {
        "Stage": STAGE,
        "DatasetId": dataset_id,
        "SchemaId": schema_id,
        "SettlingSeconds": str(settling_seconds),
        "KeepBodies": str(KEEP_DAYS),
        "EventSourceName": EVENT_SOURCE,
        "EventPattern": json.dumps({"source": [EVENTS_OF]}),
    }
