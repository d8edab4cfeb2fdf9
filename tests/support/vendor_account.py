"""What the stand-ins of vendors share: webhooks in dictionaries, and answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class StandInResponse:
    """A response."""

    status: int
    document: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """A request as a vendor receives it.

    Attributes:
        path: decoded neither here nor there.
        headers: by their names in lower case.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    content: bytes


@dataclass
class StoredHook:
    """A webhook with its secret, which no answer shows, except Stripe's to a creation."""

    id: str
    place: str
    shown: dict[str, Any]
    secret: str = ""


@dataclass
class Account:
    """The webhooks of one vendor.

    Attributes:
        tokens: what each credential may do: `write`, `read`, `list` or `none`.
        places: the repositories, organizations, projects and groups.
        forced: answers of the next requests, before anything is done.
        renamed: present places by former ones, which redirect.
        lost: so many of the next requests are done, but answered with 502.
    """

    tokens: dict[str, str]
    places: set[str]
    hooks: dict[str, StoredHook] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    number: int = 0
    forced: list[StandInResponse] = field(default_factory=list)
    lost: int = 0

    def next_number(self) -> int:
        """A new id."""
        self.number += 1
        return self.number

    def at(self, place: str) -> list[StoredHook]:
        """The webhooks of a place, oldest first."""
        return [hook for hook in self.hooks.values() if hook.place == place]


def numbered_page(call: Call, items: list[Any], host: str) -> StandInResponse:
    """A page of a list with page numbers and a `Link` header."""
    size, number = int(call.query.get("per_page", "30")), int(call.query.get("page", "1"))
    assert 1 <= size <= 100
    shown = items[(number - 1) * size : number * size]
    more = number * size < len(items)
    link = f'<https://{host}{call.path}?per_page={size}&page={number + 1}>; rel="next"'
    return StandInResponse(200, shown, {"link": link} if more else {})
