"""The `Subscription` of a source, from the options of an operator."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from bridge.provisioning.subscriptions.vendors import BY_PRESET, Vendor
from inlet_bridge.template_reading.errors import ResourceError

_ACCOUNT: Final = "account"


@dataclass(frozen=True, slots=True)
class WantedSubscription:
    """A webhook that the bridge registers.

    Attributes:
        properties: of the template; the credential is a path below `/inlet-bridge/{stage}/`.
        scope: the least permission of the credential.
    """

    properties: dict[str, Any]
    vendor: Vendor
    scope: str

    @property
    def credential(self) -> str:
        """The path of the credential below `/inlet-bridge/{stage}/`."""
        return str(self.properties["Credential"])


def wanted_subscription(
    provider: str, target: str, events: Sequence[str], credential: str
) -> WantedSubscription:
    """The subscription of a provider; whether the vendor has the events is checked later.

    Args:
        provider: the preset.
        target: such as `Repository=acme/shop`, or `account`.
        events: as the vendor names them.
        credential: last part of the parameter's name; empty means the vendor's name.

    Raises:
        ResourceError: names the option.
    """
    vendor = BY_PRESET.get(provider)
    if vendor is None:
        raise ResourceError(f"--subscription needs one of the providers {', '.join(BY_PRESET)}")
    if not events:
        page = vendor.events.documentation
        raise ResourceError(f"--subscription needs --event for {vendor.title}; see {page}")
    name, equals, value = target.partition("=")
    known = [each for each in vendor.targets if each]
    if name not in known if known else target != _ACCOUNT:
        forms = [f"{each}={vendor.targets[each].form.split(' or ')[0]}" for each in known]
        expected = " or ".join(forms or [_ACCOUNT])
        raise ResourceError(f"--subscription must be {expected} for {vendor.title}")
    if known and not (equals and value):
        raise ResourceError(f"--subscription {name} must be {vendor.targets[name].form}")
    where = {name: value} if known else {}
    properties = {
        "Credential": f"credentials/{credential or vendor.name}",
        **where,
        "Events": list(events),
    }
    scope = vendor.targets[name if known else ""].scope
    return WantedSubscription(properties, vendor, scope)
