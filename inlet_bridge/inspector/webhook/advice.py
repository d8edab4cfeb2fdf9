"""What to do about a refused request, by its status and reason; docs/troubleshooting.md has more.

A test compares the reasons with that page and with the code that refuses.
"""

from dataclasses import dataclass
from typing import Final

_PAGE: Final = "docs/troubleshooting.md"


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do.

    Attributes:
        reason: what the reason contains.
        text: sentences.
        section: of docs/troubleshooting.md.
    """

    reason: str
    text: str
    section: str

    @property
    def where(self) -> str:
        """The page and its section."""
        return f"{_PAGE}, {self.section}"


_401: Final = "The sender gets 401"
_REASONS: Final = (
    Advice(
        "the request has no signature",
        "Enter the secret at the sender, and check that Provider is the sender's preset:"
        " `inlet providers NAME` names the header.",
        _401,
    ),
    Advice(
        "no signature matches",
        "The secret differs: overwrite the parameter with that of the sender. Or something between"
        " sender and bridge, such as a proxy, changes the body, or for senders that sign the URL"
        " the URL: set PublicUrl.",
        _401,
    ),
    Advice(
        "no token matches",
        "The token differs: overwrite the parameter with that of the sender.",
        _401,
    ),
    Advice(
        "signed more than",
        "It is a late repetition, or a clock is wrong: let the sender send the event again. A"
        " service in between that queues webhooks causes it, too.",
        _401,
    ),
    Advice(
        "the timestamp is missing",
        "It is another version of the sender's signature: docs/providers.md has what is expected.",
        _401,
    ),
    Advice(
        "the body is empty",
        "The provider signs no empty webhook: somebody else sent the request, such as a monitor or"
        " a browser, or something in between removed the body. The secret is not the reason.",
        _401,
    ),
    Advice(
        "no secret",
        "Store the secret of the sender: `inlet doctor` names the parameter.",
        "The sender gets 503",
    ),
)
_STATUSES: Final = {
    "401": Advice(
        "",
        "The signature or what belongs to it is wrong: compare the secret and the settings of the"
        " sender with the source.",
        _401,
    ),
    "404": Advice(
        "",
        "There is no source of that name, or its path token is missing or wrong. `inlet status`"
        " lists the names.",
        "The sender gets 404",
    ),
    "413": Advice(
        "",
        "Let the sender send less in one webhook, or a reference that a function of yours"
        " resolves.",
        "The sender gets 413",
    ),
    "415": Advice(
        "",
        "Set Map and Body for bodies that are no JSON objects, and Split for a list of events.",
        "The sender gets 415",
    ),
    "429": Advice("", "The sender retries; nothing is to be done.", "The sender gets 429"),
    "503": Advice(
        "",
        "The sender retries. If it stays so, `inlet doctor` finds a secret that cannot be used, and"
        " the alarms say which service fails.",
        "The sender gets 503",
    ),
}
REASONS: Final = _REASONS
"""All that are known by their reason."""


def advice_on(status: str, reason: str) -> Advice | None:
    """What to do about a refusal; None for an unknown status."""
    by_reason = (each for each in _REASONS if each.reason in reason)
    found = next(by_reason, None) if status in {"401", "503"} else None
    return found or _STATUSES.get(status)
