"""Parse `Subscription`, the webhook that the bridge registers at the vendor of a source."""

import re
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from bridge.errors import InvalidPropertyError
from bridge.provisioning.property_parsing import Properties
from bridge.provisioning.subscriptions.record import Registered
from bridge.provisioning.subscriptions.stored import secret_reference
from bridge.provisioning.subscriptions.vendors import BY_PRESET, Vendor, is_event
from bridge.spelling import nearest

if TYPE_CHECKING:
    from bridge.provisioning.sources.properties import SourceProperties

# Characters of SSM parameter names (AWS Systems Manager user guide, "About parameter names").
_PART = r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*"


class SubscriptionProperties(Properties):
    """A webhook at a vendor.

    Attributes:
        credential: reference of the key or token of the vendor's API.
        events: as the vendor names them; at most 300, since Stripe has about 250.
        repository, organization: what has the webhook, at GitHub; one of them.
        project, group: what has the webhook, at GitLab; one of them.
    """

    credential: str
    events: Annotated[tuple[str, ...], Field(min_length=1, max_length=300)]
    repository: str | None = None
    organization: str | None = None
    project: str | None = None
    group: str | None = None


def with_own_secret(parsed: "SourceProperties", stage: str) -> "SourceProperties":
    """The properties of a source with the secret of its `Subscription`.

    Raises:
        InvalidPropertyError: names the property.
    """
    if parsed.subscription is None:
        return parsed
    for name, given in (
        ("Secrets", parsed.secrets),
        ("Registration", parsed.registration),
        ("Verification", parsed.verification),
    ):
        if given:
            raise InvalidPropertyError(
                name, "cannot be used with Subscription, whose secret the bridge keeps; omit it"
            )
    return parsed.model_copy(update={"secrets": (secret_reference(stage, parsed.name),)})


def registered(parsed: "SourceProperties", stage: str) -> Registered | None:
    """What must be registered; None without a `Subscription`.

    Raises:
        InvalidPropertyError: names the property; a credential is never quoted, since it may be the
            secret itself.
    """
    given = parsed.subscription
    if given is None:
        return None
    vendor = BY_PRESET.get(parsed.provider or "")
    if vendor is None:
        raise InvalidPropertyError(
            "Subscription", f"needs one of the providers {', '.join(BY_PRESET)}"
        )
    if not re.fullmatch(rf"/inlet-bridge/{stage}/credentials/{_PART}", given.credential):
        raise InvalidPropertyError(
            "Subscription.Credential",
            f"must be the name of a parameter below /inlet-bridge/{stage}/credentials/, which only "
            "the provisioner can read, never the credential itself",
        )
    target, value = _target(vendor, given)
    for index, name in enumerate(given.events):
        _require_event(vendor, index, name)
    events = tuple(dict.fromkeys(given.events))
    return Registered(parsed.provider or "", target, value, given.credential, events)


def _target(vendor: Vendor, given: SubscriptionProperties) -> tuple[str, str]:
    """The property that names the target, and its value; both empty for the whole account."""
    values = {
        name: getattr(given, name.lower())
        for name in ("Repository", "Organization", "Project", "Group")
        if getattr(given, name.lower()) is not None
    }
    known = [name for name in vendor.targets if name]
    for name in values:
        if name not in known:
            instead = f"; it has {' or '.join(known)}" if known else "; omit it"
            raise InvalidPropertyError(
                f"Subscription.{name}", f"is not for webhooks of {vendor.title}{instead}"
            )
    if not known:
        return "", ""
    if len(values) != 1:
        raise InvalidPropertyError("Subscription", f"needs either {' or '.join(known)}")
    [(target, value)] = values.items()
    if not re.fullmatch(vendor.targets[target].pattern, value):
        raise InvalidPropertyError(
            f"Subscription.{target}", f"must be {vendor.targets[target].form}"
        )
    return target, value


def _require_event(vendor: Vendor, index: int, name: str) -> None:
    events = vendor.events
    if is_event(events, name):
        return
    close = nearest(name, events.names)
    hint = f"; is it {close}?" if close else f"; see {events.documentation}"
    raise InvalidPropertyError(
        f"Subscription.Events.{index}", f"is no event of {vendor.title}{hint}"
    )
