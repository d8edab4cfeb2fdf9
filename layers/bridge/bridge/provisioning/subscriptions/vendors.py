"""Describe the APIs with which vendors register webhooks, read once from `vendors.json`.

A vendor is data: where its webhooks are, how they are listed, what a request contains, and who
makes the secret. Requests go to the hosts of this file only.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal, cast


@dataclass(frozen=True, slots=True)
class Target:
    """What has the webhooks: a repository, a project, or the whole account.

    Attributes:
        path: of the list of its webhooks; `{target}` is the value of the property and
            `{quoted_target}` the same as one segment.
        pattern: of the value; empty if the account is the target.
        form: the value in words.
        scope: the least permission that the credential needs.
    """

    path: str
    scope: str
    pattern: str = ""
    form: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """How webhooks are listed.

    Attributes:
        query: parameters of every page, such as its size.
        items: the member with the webhooks; empty if the answer is the list.
        page: the parameter with the number of the page, for lists with a `Link` header.
        after: the parameter with the id of the last webhook of the previous page.
        more: the member that says whether there are further pages.
    """

    query: Mapping[str, str]
    items: str = ""
    page: str = ""
    after: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Events:
    """How the events of a webhook are named.

    Attributes:
        documentation: the page with all events.
        member: of the list of events; empty if each event is a boolean member.
        pattern: of a name; the vendor decides whether it exists.
        names: all names, where the vendor would ignore others.
    """

    documentation: str
    member: str = ""
    pattern: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Secret:
    """Who makes the secret of a webhook.

    Attributes:
        member: of a request, which contains the bridge's secret; empty if the vendor makes it.
        answer: member of the response to the creation, the only one with the vendor's secret.
        form: `whsec` is `whsec_` and base64 of 32 bytes, `text` their hexadecimal digits.
        present: member of a webhook that is true, or a masked text, if it has the secret.
    """

    member: str = ""
    answer: str = ""
    form: Literal["text", "whsec"] = "text"
    present: str = ""


@dataclass(frozen=True, slots=True)
class Vendor:
    """The API of one vendor.

    Attributes:
        url: its scheme and host.
        headers: of every request; `{credential}` is the credential.
        encoding: of requests.
        targets: by the property that names them; empty for the account.
        update: the method that changes a webhook.
        id, address: members of a webhook: its id and the URL that it calls.
        body: of requests that create and update; `{url}` and `{description}` are replaced.
        created, updated: further members of requests that create, or that update.
        expected: further members of a webhook that works.
        unread: members of requests that a webhook does not show or that do not matter.
        disabled: members of a webhook that the vendor has disabled, which no update enables.
        presets: of the catalogue, each with its secret.
    """

    name: str
    title: str
    url: str
    headers: Mapping[str, str]
    encoding: Literal["json", "form"]
    targets: Mapping[str, Target]
    listing: Listing
    update: str
    id: str
    address: str
    events: Events
    body: Mapping[str, Any]
    created: Mapping[str, Any]
    updated: Mapping[str, Any]
    expected: Mapping[str, Any]
    unread: tuple[str, ...]
    disabled: Mapping[str, Any]
    presets: Mapping[str, Secret]
    documentation: tuple[str, ...]


def _vendor(name: str, entry: Mapping[str, Any]) -> Vendor:
    events = entry["events"]
    return Vendor(
        name=name,
        title=entry["title"],
        url=entry["url"],
        headers=entry["headers"],
        encoding=cast("Literal['json', 'form']", entry["encoding"]),
        targets={target: Target(**given) for target, given in entry["targets"].items()},
        listing=Listing(**entry["list"]),
        update=entry["update"],
        id=entry["id"],
        address=entry["address"],
        events=Events(**events | {"names": tuple(events.get("names", ()))}),
        body=entry["body"],
        created=entry.get("created", {}),
        updated=entry.get("updated", {}),
        expected=entry.get("expected", {}),
        unread=tuple(entry.get("unread", ())),
        disabled=entry.get("disabled", {}),
        presets={preset: Secret(**given) for preset, given in entry["presets"].items()},
        documentation=tuple(entry["documentation"]),
    )


VENDORS: Mapping[str, Vendor] = MappingProxyType(
    {
        name: _vendor(name, entry)
        for name, entry in json.loads(
            files(__package__).joinpath("vendors.json").read_text(encoding="utf-8")
        ).items()
    }
)
"""Vendors by name."""

BY_PRESET: Mapping[str, Vendor] = MappingProxyType(
    {preset: vendor for vendor in VENDORS.values() for preset in vendor.presets}
)
"""Vendors by the preset that verifies their webhooks."""


def is_event(events: Events, name: str) -> bool:
    """Whether a vendor may have an event of this name."""
    if events.names:
        return name in events.names
    return bool(re.fullmatch(events.pattern, name))
