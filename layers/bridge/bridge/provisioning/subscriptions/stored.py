"""Store what is known of the webhooks at vendors: records, secrets and journals, in SSM."""

from collections.abc import Callable
from dataclasses import dataclass

from bridge.errors import InvalidPropertyError, VendorError
from bridge.names import resource_path
from bridge.ports.aws import OwnSecrets, Parameters
from bridge.provisioning.secret_storage import how_to_store
from bridge.provisioning.subscriptions.hook import secret_text
from bridge.provisioning.subscriptions.record import PARAMETER, Registered, SubscriptionRecord
from bridge.provisioning.subscriptions.vendors import BY_PRESET


def secret_reference(stage: str, source: str) -> str:
    """The name of the parameter with the secret of a source's webhook."""
    return f"/inlet-bridge/{stage}/secrets/subscriptions/{source}"


@dataclass(frozen=True, slots=True)
class StoredSubscriptions:
    """Records and secrets of one stage.

    Attributes:
        new_key: returns 32 random bytes.
    """

    parameters: Parameters
    own_secrets: OwnSecrets
    stage: str
    new_key: Callable[[], bytes]

    def record(self, source: str) -> SubscriptionRecord:
        """The record; empty if there is none. Raises UnavailableError."""
        name = self.record_parameter(source)
        text = self.parameters.get([name]).get(name)
        return SubscriptionRecord.from_text(text) if text else SubscriptionRecord()

    def write(self, source: str, record: SubscriptionRecord) -> None:
        """Write the record. Raises UnavailableError."""
        self.parameters.put(self.record_parameter(source), record.to_text())

    def record_parameter(self, source: str) -> str:
        """The name of the parameter with the record."""
        return f"{resource_path(self.stage, 'sources', source)}/{PARAMETER}"

    def secret(self, source: str) -> str:
        """The secret; empty if there is none. Raises UnavailableError."""
        name = secret_reference(self.stage, source)
        return self.parameters.get([name]).get(name, "")

    def keep_secret(self, source: str, text: str) -> None:
        """Write the secret. Raises UnavailableError."""
        self.own_secrets.replace(secret_reference(self.stage, source), text)

    def new_secret(self, source: str, wanted: Registered) -> str:
        """Make and write a secret. Raises UnavailableError."""
        form = BY_PRESET[wanted.preset].presets[wanted.preset]
        text = secret_text(form, self.new_key())
        self.keep_secret(source, text)
        return text

    def delete(self, source: str) -> None:
        """Delete record and secret, the record last. Raises UnavailableError."""
        self.own_secrets.delete([secret_reference(self.stage, source)])
        self.parameters.delete([self.record_parameter(source)])

    def credential(self, place: Registered) -> str:
        """The credential of a place. Raises InvalidPropertyError."""
        found = self.parameters.get([place.credential])
        text = found.get(place.credential, "").strip()
        if not text:
            lack = "is empty" if place.credential in found else "does not exist"
            raise InvalidPropertyError(
                "Subscription.Credential",
                f"{place.credential} {lack}; store "
                f"{BY_PRESET[place.preset].targets[place.target].scope}: "
                f"{how_to_store(place.credential)}",
            )
        if not text.isascii() or not text.isprintable():
            raise InvalidPropertyError(
                "Subscription.Credential",
                f"{place.credential} must be one line of ASCII characters",
            )
        return text

    def credential_to_remove(self, place: Registered) -> str:
        """The credential of a place. Raises VendorError: what is there cannot be removed."""
        try:
            return self.credential(place)
        except InvalidPropertyError as exc:
            title = BY_PRESET[place.preset].title
            raise VendorError(
                exc.path, f"{exc.reason}, so that the webhook at {title} can be deleted"
            ) from None
