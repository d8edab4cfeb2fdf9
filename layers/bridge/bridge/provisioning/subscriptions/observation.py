"""Compare the webhooks of a source at its vendor with what is wanted and recorded."""

from collections.abc import Sequence
from dataclasses import dataclass

from bridge.errors import InvalidPropertyError
from bridge.provisioning.subscriptions.hook import (
    Hook,
    bears,
    differences,
    is_disabled,
    is_marked,
    is_own,
    same_place,
)
from bridge.provisioning.subscriptions.record import Registered
from bridge.provisioning.subscriptions.vendors import BY_PRESET


@dataclass(frozen=True, slots=True)
class Observation:
    """The webhooks of a source at one place.

    Attributes:
        kept: the one that stays; None if one must be created.
        surplus: those to delete: repeated ones, disabled ones, and those whose secret is lost.
        has_secret: whether the stored secret can be that of the webhook.
        is_certain: whether the webhook has the stored secret.
        differences: members in which it differs from what is wanted.
        is_disabled: whether the vendor has disabled one of them.
    """

    kept: Hook | None
    surplus: tuple[Hook, ...]
    has_secret: bool
    is_certain: bool
    differences: tuple[str, ...]
    is_disabled: bool

    @property
    def is_as_wanted(self) -> bool:
        """Whether nothing has to change at the vendor."""
        return self.is_certain and not self.surplus and not self.differences

    def sentences(self, title: str) -> list[str]:
        """What differs, without a value."""
        found = [f"{title} has another value of {member}" for member in self.differences]
        if self.kept is None and not self.surplus:
            found.append(f"{title} no longer has the webhook")
        elif self.is_disabled:
            found.append(f"{title} has disabled the webhook")
        elif not self.has_secret:
            found.append("the secret is not in SSM")
        elif not self.is_certain:
            found.append(f"the secret of the webhook at {title} is not certain")
        if self.kept is not None and self.surplus:
            found.append(f"{title} has {len(self.surplus)} further webhooks of this source")
        return found


def ours(hooks: Sequence[Hook], hook_id: str, mark: str) -> list[Hook]:
    """The webhooks that the bridge created for a source: by the mark, or by the recorded id."""
    return [hook for hook in hooks if bears(hook.url, mark) or (hook_id and hook.id == hook_id)]


def observe(
    hooks: Sequence[Hook], current: Registered, url: str, mark: str, stored: str
) -> Observation:
    """Compare.

    The recorded id says that the webhook has the stored secret. Another webhook gets the bridge's
    secret in an update; of a vendor that shows its secret only at the creation, it is lost.

    Args:
        hooks: all at the place.
        current: what is wanted, with the recorded id.
        url: with the mark.
        mark: of the source.
        stored: the secret in SSM, or an empty text.
    """
    vendor = BY_PRESET[current.preset]
    secret = vendor.presets[current.preset]
    found = ours(hooks, current.id, mark)
    has_secret = bool(stored) if secret.answer else is_own(secret, stored)
    usable = [hook for hook in found if not is_disabled(vendor, hook)]
    kept = next((hook for hook in usable if hook.id == current.id), None)
    is_certain = kept is not None and has_secret
    if secret.answer and not is_certain:
        kept = None
    elif kept is None and usable:
        kept = usable[0]
    surplus = tuple(hook for hook in found if hook is not kept)
    different = differences(vendor, current, url, kept) if kept else []
    return Observation(
        kept, surplus, has_secret, is_certain, tuple(different), len(usable) < len(found)
    )


def require_free(hooks: Sequence[Hook], url: str, current: Registered) -> None:
    """Raise InvalidPropertyError if somebody else's webhook calls the URL: events came twice."""
    for hook in hooks:
        if same_place(hook.url, url):
            vendor = BY_PRESET[current.preset]
            where = f" of {current.value}" if current.value else ""
            whose = (
                "is that of another source, stage or account; give each source a URL of its own, "
                "or delete the other source first"
                if is_marked(hook.url)
                else "was not created by the bridge; delete it there, then deploy again"
            )
            raise InvalidPropertyError(
                "Subscription",
                f"webhook {hook.id}{where} at {vendor.title} calls the URL of this source and "
                f"{whose}",
            )
