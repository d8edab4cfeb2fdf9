"""The reasons for which requests are refused, with what to do; docs/troubleshooting.md has more.

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
        names_secret: whether the source's secret may be the cause: the text is followed by its
            parameter, and how to overwrite it.
    """

    reason: str
    text: str
    section: str
    names_secret: bool = False

    @property
    def where(self) -> str:
        """The page and its section."""
        return f"{_PAGE}, {self.section}"


_401: Final = "The sender gets 401"
REASONS: Final = (
    Advice(
        "webhooks are sent with POST",
        "It is no webhook: a browser or a monitor opened the URL, or the sender is set to another"
        " method than POST. For a sender that has no other, set AllowedMethods.",
        _401,
    ),
    Advice(
        "the method is not allowed",
        "The source takes other methods: see AllowedMethods, and the method of the sender.",
        _401,
    ),
    Advice(
        "the source IP is not allowed",
        "The request came from an address outside AllowedCidrs of the source: add the sender's,"
        " which its documentation lists, or that of the proxy in front of the API, or remove"
        " AllowedCidrs. The bridge logs no addresses. The secret is not the reason.",
        _401,
    ),
    Advice(
        "only through its queue",
        "The source has `Verification: iam`, so it has no webhooks: send the event to its queue or"
        " through EventBridge, see docs/events.md, or declare a source with a Provider or Scheme"
        " for webhooks.",
        _401,
    ),
    Advice(
        "in it cannot be read",
        "The scheme reads it from the JSON of the body. Somebody else sent the request, the sender"
        " is set to another format, or something in between changes the body.",
        _401,
    ),
    Advice(
        "the request has no signature",
        "Enter the secret at the sender, and check that Provider is the sender's preset:"
        " `inlet providers NAME` names the header.",
        _401,
        names_secret=True,
    ),
    Advice(
        "the signature has another form than",
        "The request has a signature, in another encoding or with another prefix than the scheme of"
        " the source reads. Check that Provider is the sender's preset: `inlet providers NAME`"
        " describes its signature. If a program of yours signs, let it write the signature so.",
        _401,
    ),
    Advice(
        "the body has U+FFFD",
        "API Gateway passes text, JSON and XML as UTF-8, so bytes of another charset are lost: let"
        " the sender write UTF-8, or send a form or application/octet-stream. If the sender did"
        " write U+FFFD, the secret differs.",
        _401,
    ),
    Advice(
        "no signature matches",
        "The secret differs: overwrite the parameter with that of the sender. Or something between"
        " sender and bridge, such as a proxy, changes the body, or for senders that sign the URL"
        " the URL: set PublicUrl. With curl, send a file with --data-binary: -d removes its line"
        " breaks.",
        _401,
        names_secret=True,
    ),
    Advice(
        "the token has no authorization scheme before it",
        "The source takes a token only after its authorization scheme, as in"
        " `Authorization: Bearer TOKEN`: let the sender write it, or change Scheme.Authorization.",
        _401,
    ),
    Advice(
        "no token matches",
        "The token differs: overwrite the parameter with that of the sender.",
        _401,
        names_secret=True,
    ),
    Advice(
        "the timestamp may be in ",
        "Its timestamp lies decades away, as one in another unit does: let what signs the webhook"
        " write it in the unit that the provider sends. A webhook of the provider itself has it.",
        _401,
    ),
    Advice(
        " s in the future",
        "A clock is ahead: set that of the sender, or of the machine that signs the webhook, and"
        " let it send the event again.",
        _401,
    ),
    Advice(
        "signed more than",
        "Its timestamp is old. It is a sample, a late repetition, or a clock is wrong: let the"
        " sender send the event again; `inlet send PROVIDER --body FILE` signs a sample with the"
        " current time. A service in between that queues webhooks causes it, too.",
        _401,
    ),
    Advice(
        "the timestamp is missing",
        "The reason names where the provider writes its timestamp, as in `json:FIELD` of the body,"
        " `header:NAME` or the signature, and its unit: let what signs the webhook write it there."
        " docs/providers.md has what is expected.",
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
        names_secret=True,
    ),
)
"""What is advised of a reason that is known."""
STATUSES: Final = {
    "401": Advice(
        "",
        "The signature or what belongs to it is wrong: compare the secret and the settings of the"
        " sender with the source.",
        _401,
        names_secret=True,
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
        "If the body is meant to be JSON, `inlet map SOURCE FILE` shows where it is not. Set Map"
        " and Body for other bodies, and Split for a list of events.",
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
"""What is advised of another reason, by the status of the response."""
