"""The checks of `inlet doctor` that need no deployment: what the account may do at Adobe."""

from collections.abc import Iterable, Iterator, Sequence

from bridge.adapters.adobe.batches import AdobeBatches
from bridge.adapters.adobe.catalog import AdobeCatalog
from bridge.adapters.adobe.data_prep import AdobeDataPrep
from bridge.adapters.adobe.flow_service import AdobeFlowService
from bridge.adapters.adobe.identity_service import AdobeIdentityService
from bridge.adapters.adobe.schema_library import AdobeSchemaLibrary
from bridge.adapters.adobe.schema_registry import AdobeSchemaRegistry
from bridge.errors import UnavailableError
from bridge.provisioning.connections.adobe_objects import Objects
from bridge.provisioning.doctor import Doctor, Finding
from bridge.provisioning.records import Records
from bridge.provisioning.sources.documents import Documents
from inlet_bridge.initialization.experience_platform import ExperiencePlatform


class _NothingDeployed:
    """The port `Parameters` of a stage before its deployment."""

    def get(self, names: Sequence[str]) -> dict[str, str]:
        """Nothing."""
        del names
        return {}

    def under(self, path: str) -> dict[str, str]:
        """Nothing."""
        del path
        return {}

    def names_in(self, path: str) -> set[str]:
        """Nothing."""
        del path
        return set()

    def put(self, name: str, value: str) -> None:
        """Raises UnavailableError: a check writes nothing."""
        del value
        raise UnavailableError(f"{name} cannot be written: nothing is deployed")

    def delete(self, names: Iterable[str]) -> None:
        """Raises UnavailableError: a check deletes nothing."""
        raise UnavailableError(f"{', '.join(names)} cannot be deleted: nothing is deployed")


def pending_checks(adobe: ExperiencePlatform, stage: str) -> Iterator[Finding]:
    """Check what an account may do in its sandbox; nothing is changed."""
    requests, nothing = adobe.requests, _NothingDeployed()
    doctor = Doctor(
        parameters=nothing,
        records=Records(nothing, stage),
        documents=Documents(nothing, stage),
        objects=Objects(
            AdobeFlowService(requests),
            AdobeDataPrep(requests),
            AdobeCatalog(requests),
            AdobeSchemaLibrary(requests),
        ),
        schemas=AdobeSchemaRegistry(requests),
        namespaces=AdobeIdentityService(requests),
        tenant=requests.tenant,
        token=adobe.tokens.current,
        check_host=requests.check_host,
        check_batches=AdobeBatches(requests).check,
    )
    return doctor.examine()
