"""What the use cases need from the world, by role; `adapters/` holds who provides it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from bridge.delivery.counts import Count, Measure
from bridge.delivery.dead_letter import Obituary
from bridge.delivery.delivery import Delivery
from bridge.delivery.record import Claim, Key, Record
from bridge.inlet.responses import InletAnswer
from bridge.verification.published_keys import PublishedKeys

type Clock = Callable[[], datetime]
"""The time as an aware datetime in UTC."""

type Sleep = Callable[[float], None]
"""Wait for so many seconds."""


class AtOnce(Protocol):
    """Does the same with several things, at the same time where it can.

    If one raises, the results of all are lost: what is done must not raise.
    """

    def __call__[T, R](self, do: Callable[[T], R], things: Sequence[T]) -> list[R]:
        """The results, in the order of the things."""


class Parameters(Protocol):
    """Named texts: documents, ids and secrets. Every method raises UnavailableError."""

    def get(self, names: Sequence[str]) -> dict[str, str]:
        """The values that exist, decrypted; a name that does not exist is left out."""

    def under(self, path: str) -> dict[str, str]:
        """All values below a path, however deep."""

    def names_in(self, path: str) -> set[str]:
        """The last parts of the names that lie just below a path."""

    def put(self, name: str, value: str) -> None:
        """Write one value, over a former one."""

    def delete(self, names: Iterable[str]) -> None:
        """Delete values; a name that does not exist is fine."""


class Tokens(Protocol):
    """Access tokens of the technical account at Adobe."""

    def current(self) -> str:
        """A token that is valid for a while. Raises AdobeError or UnavailableError."""

    def renew(self, stale: str) -> str:
        """A token other than the one that was just refused. Raises as `current`."""


class TokenStore(Protocol):
    """Where all functions find the token that one of them got. Methods raise UnavailableError."""

    def read(self) -> str | None:
        """What was written last, or None."""

    def write(self, text: str) -> None:
        """Keep a token for everybody, encrypted."""

    def lock(self) -> bool:
        """Whether the caller is the one that gets a new token; false for all others meanwhile."""

    def unlock(self) -> None:
        """Done, whether there is a new token or not. Never raises."""

    def forget(self) -> None:
        """Delete the token; none is fine."""


class ProviderSites(PublishedKeys, Protocol):
    """What providers publish, and the addresses that they want opened."""

    def asked_by(self, source: str, address: str) -> "ProviderSites":
        """The same sites, with the limits of one request.

        Args:
            source: the name of the source that it addresses.
            address: the IP address that it came from.
        """

    def open(self, url: str) -> None:
        """GET once, at an address that the handshake allows.

        Raises:
            InvalidSignatureError: it opens no more.
            TooManyRequestsError: it does not open now, or the limit is reached.
            UnavailableError: the site does not answer.
        """


class NewSecrets(Protocol):
    """Where a secret is kept that arrives with a handshake."""

    def keep(self, name: str, value: str) -> bool:
        """Keep a secret; False when there is one already. Raises UnavailableError."""


class Inlet(Protocol):
    """A streaming inlet. A connection that fails is an answer too, not an exception."""

    def send(self, url: str, headers: Mapping[str, str], content: bytes) -> InletAnswer:
        """POST once within the time that is left. Raises AdobeError when none is left."""


class Buffer(Protocol):
    """Deliveries that wait."""

    def put(self, delivery: Delivery, delay: timedelta) -> None:
        """Keep a delivery; it comes back after the delay. Raises UnavailableError."""

    def put_all(self, deliveries: Sequence[Delivery], delay: timedelta) -> None:
        """Keep deliveries; some may be kept when it fails. Raises UnavailableError."""


class Visibility(Protocol):
    """When a message that was taken from the buffer comes back."""

    def postpone(self, receipt: str, wait: timedelta) -> None:
        """Hide a message for a while. Raises UnavailableError."""


class DeadLetters(Protocol):
    """Deliveries that can never be delivered."""

    def put(self, text: str, obituary: Obituary) -> None:
        """Keep a message of the buffer, as it was there. Raises UnavailableError."""


class Deliveries(Protocol):
    """What became of each delivery. Every method raises UnavailableError."""

    def claim(self, delivery: Delivery, until: datetime) -> Claim:
        """Take a delivery on, atomically: of many at once exactly one gets it."""

    def filtered(self, delivery: Delivery) -> Claim:
        """Record a webhook that no route wants, atomically, unless it was taken on before."""

    def split(self, delivery: Delivery, parts: int) -> None:
        """Record that a webhook became so many deliveries in the buffer; of none it is filtered."""

    def release(self, delivery: Delivery) -> None:
        """Give a claim back: the sender will try again."""

    def look(self, deliveries: Iterable[Delivery]) -> Mapping[Key, Record]:
        """The records that exist."""

    def buffered(self, delivery: Delivery) -> None:
        """Record that a claimed delivery is in the buffer."""

    def put_off(self, delivery: Delivery, reason: str, until: datetime) -> None:
        """Record why a delivery still waits."""

    def delivered(self, delivery: Delivery, flow_id: str, xaction_id: str) -> None:
        """Record that the inlet took the delivery."""

    def delivered_all(self, deliveries: Iterable[tuple[Delivery, str]], flow_id: str) -> None:
        """Record that the inlet took deliveries, each with its xactionId; over any record."""

    def dead(self, delivery: Delivery, obituary: Obituary) -> None:
        """Record that the delivery went to the dead letters."""


class Counts(Protocol):
    """How many webhooks went which way, and how the inlets behave."""

    def count(self, source: str, *names: Count) -> None:
        """One more of each."""

    def measure(self, connection: str, name: Measure, value: float) -> None:
        """One value of a connection's inlet."""


class WaitingRecords(Protocol):
    """What the deliveries table says of deliveries that wait."""

    def waiting_since(self, moment: datetime) -> int:
        """How many were accepted before and wait; too few rather than too many.

        Raises UnavailableError.
        """


class QueueDepth(Protocol):
    """How full a queue is."""

    def depth(self) -> int:
        """All its messages, also those in work or delayed. Raises UnavailableError."""


class SourceHistory(Protocol):
    """When which source was heard."""

    def heard(self, sources: Sequence[str], since: datetime) -> Mapping[str, Iterable[datetime]]:
        """The beginnings of the hours in which webhooks were accepted. Raises UnavailableError."""


class VersionedParameters(Protocol):
    """Texts of which each writing gets the next number. Every method raises UnavailableError."""

    def create(self, name: str, value: str) -> bool:
        """Write version 1, atomically: of many at once exactly one; False if the name is taken."""

    def read(self, name: str) -> tuple[str, int] | None:
        """The text and its version, or None when there is none."""

    def overwrite(self, name: str, value: str) -> int:
        """Write the next version, and give its number."""

    def remove(self, name: str) -> None:
        """Delete a text; one that does not exist is fine."""


class Versions(Protocol):
    """The versions of a function. Every method raises UnavailableError."""

    def publish(self) -> str:
        """The function as it stands, as a version that can be invoked."""

    def invoke(self, version: str, event: Mapping[str, Any]) -> tuple[object, str]:
        """The answer of a version, and the type of the error that it ended with, or none."""

    def remove(self, version: str) -> None:
        """Delete a version."""


class FlowService(Protocol):
    """Adobe's Flow Service. Every method raises AdobeError.

    A kind is `connections`, `sourceConnections`, `targetConnections` or `flows`.
    """

    def create(self, kind: str, body: Mapping[str, Any]) -> str:
        """POST an object and give its id; never tried twice."""

    def get(self, kind: str, object_id: str) -> dict[str, Any] | None:
        """Read an object, or None when there is none."""

    def get_all(self, kind: str, object_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Read the objects that exist, by their ids; many cost no more than one."""

    def find(self, kind: str, filters: Mapping[str, str]) -> list[dict[str, Any]]:
        """All objects whose properties equal the filters, over all pages."""

    def patch(
        self, kind: str, object_id: str, etag: str, operations: Sequence[Mapping[str, Any]]
    ) -> None:
        """Change an object if it is still the version of that etag; else status 412."""

    def enable(self, flow_id: str) -> None:
        """Switch a flow on."""

    def delete(self, kind: str, object_id: str) -> None:
        """Delete an object; one that does not exist is fine."""


class MappingSets(Protocol):
    """Adobe's Data Prep. Every method raises AdobeError; nothing there can be deleted."""

    def validate(self, body: Mapping[str, Any]) -> tuple[str, ...]:
        """What is wrong with a mapping set, in Adobe's words; empty when nothing is."""

    def create(self, body: Mapping[str, Any]) -> str:
        """POST a mapping set and give its id; never tried twice."""

    def get(self, mapping_set_id: str) -> dict[str, Any] | None:
        """Read a mapping set, or None when there is none."""

    def named(self, name: str) -> list[dict[str, Any]]:
        """All mapping sets of this name."""


class Datasets(Protocol):
    """Adobe's Catalog. Every method raises AdobeError."""

    def create(self, body: Mapping[str, Any]) -> str:
        """POST a dataset and give its id; never tried twice."""

    def get(self, dataset_id: str) -> dict[str, Any] | None:
        """Read a dataset, or None when there is none."""

    def get_all(self, dataset_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Read the datasets that exist, by their ids; many cost no more than one."""

    def named(self, name: str) -> list[dict[str, Any]]:
        """All datasets of this name."""

    def holds_data(self, dataset_id: str) -> bool:
        """Whether anything was ever ingested into it."""

    def delete(self, dataset_id: str) -> None:
        """Delete a dataset; one that does not exist is fine."""


class Schemas(Protocol):
    """Adobe's Schema Registry."""

    def get(self, schema_id: str) -> dict[str, Any] | None:
        """A schema of the tenant, its references resolved, or None. Raises AdobeError."""
