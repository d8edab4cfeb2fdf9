"""Read the documents of sources, and the flows of connections, of a deployed bridge."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from botocore.exceptions import BotoCoreError, ClientError

from bridge.adapters.aws.ssm import SsmParameters
from bridge.adapters.clock import utc_now
from bridge.errors import UnavailableError
from bridge.messages.xdm_message import ReadSchema
from bridge.names import NAME
from bridge.sources.configured import RESUMED, paused_parameter
from bridge.sources.connection import Destination
from bridge.sources.destinations import DestinationDirectory
from bridge.sources.schema_texts import SchemaTexts, schemas_path
from bridge.sources.source import Source
from bridge.sources.ssm_reads import NO_RETRIES, SsmReads
from inlet_bridge.operations.configuration.known_sources import require_source
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError


@dataclass(frozen=True, slots=True)
class Configuration:
    """What is configured in one deployment."""

    deployed: Deployed

    def source(self, name: str) -> Source:
        """A source. Raises OperationError, which lists what there is."""
        path = f"{self.deployed.prefix}/sources/{name}"
        text = self._get(path).get(path) if NAME.fullmatch(name) else None
        if text is None:
            require_source(self.deployed, name)
            raise OperationError(
                f"the document of source {name} is missing", hint="Deploy the source again."
            )
        try:
            return Source.from_document(text)
        except (ValueError, KeyError, TypeError, AttributeError) as exc:
            raise OperationError(
                f"the document of source {name} cannot be read: {type(exc).__name__}",
                hint="Deploy the source with this version.",
            ) from None

    def changed_at(self, name: str) -> datetime | None:
        """When the document of a source was written last; None if it cannot be read."""
        path = f"{self.deployed.prefix}/sources/{name}"
        with suppress(ClientError, BotoCoreError):
            for each in self.deployed.ssm.get_parameters(Names=[path])["Parameters"]:
                return each["LastModifiedDate"]
        return None

    def sources(self) -> list[Source]:
        """All sources whose documents can be read. Raises OperationError."""
        path = f"{self.deployed.prefix}/sources"
        names = [f"{path}/{each}" for each in self.deployed.sources if "/" not in each]
        found = []
        for text in self._get(*names).values():
            with suppress(ValueError, KeyError, TypeError, AttributeError):
                found.append(Source.from_document(text))
        return found

    def is_paused(self, source: Source, to: str = "") -> bool:
        """Whether the source or the connection that it sends to is paused."""
        connection = to.partition("/")[0] or source.connection.name
        prefix = self.deployed.prefix
        paths = (f"{prefix}/sources/{source.name}", f"{prefix}/connections/{connection}")
        values = self._get(*map(paused_parameter, paths)).values()
        return any(value != RESUMED for value in values)

    def destination(self, name: str) -> Destination:
        """The flow `{connection}/{flow}`. Raises OperationError, which lists what there is."""
        parameters = SsmParameters(self.deployed.ssm)
        stage = self.deployed.parameters["Stage"]
        directory = DestinationDirectory(parameters, stage, lambda: datetime.now(UTC))
        try:
            found = directory.find(name)
            if found is None:
                raise OperationError(
                    f"{name} is not CONNECTION/FLOW of {self.deployed.stack}",
                    hint=f"Flows are: {', '.join(self._flows(parameters)) or 'none'}.",
                )
        except UnavailableError as exc:
            raise OperationError(str(exc), hint="Run the command again in a minute.") from exc
        return found.destination

    def schema_reader(self) -> ReadSchema:
        """Reads schemas that are too large for a source document, each once."""
        ssm, stage = SsmParameters(self.deployed.ssm), self.deployed.parameters["Stage"]
        reads = SsmReads(ssm, ssm, utc_now, NO_RETRIES)
        return SchemaTexts(reads, schemas_path(stage), utc_now).read

    def _flows(self, parameters: SsmParameters) -> list[str]:
        path = f"{self.deployed.prefix}/connections"
        names = (name.removeprefix(f"{path}/").split("/") for name in parameters.under(path))
        return sorted({f"{each[0]}/{each[2]}" for each in names if each[1:2] == ["flows"]})

    def _get(self, *names: str) -> dict[str, str]:
        try:
            return SsmParameters(self.deployed.ssm).get(names)
        except UnavailableError as exc:
            raise OperationError(str(exc), hint="Run the command again.") from exc
