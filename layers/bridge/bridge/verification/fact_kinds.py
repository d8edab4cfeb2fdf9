"""What is known of how a provider sends: one class for each kind of fact."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PositiveInt,
    model_validator,
)

from bridge.verification.extractors import parse_extractor

SIGNATURE_PARTS: Final = frozenset({"timestamp", "signature"})
"""Words of `Retries.changes`; everything else is an extractor."""


def _https(address: str) -> str:
    if not address.startswith("https://"):
        raise ValueError("must be an https address")
    return address


def _change(text: str) -> str:
    if text not in SIGNATURE_PARTS:
        parse_extractor(text)
    return text


class Fact(BaseModel):
    """Something that a provider documents, or that its page does not say.

    Attributes:
        source: the page.
        documented: whether the page says it; what is known nonetheless is in the other fields.
        unverified: the page was not read again, or says less than the fact: public code or
            observed requests do.
        note: what the other fields do not say.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Annotated[str, AfterValidator(_https)]
    documented: bool = True
    unverified: bool = False
    note: str = ""

    def _says(self) -> bool:
        """Whether the fields that answer the question have a value."""
        return True

    @model_validator(mode="after")
    def _check_documented(self) -> Self:
        if self.documented is not self._says():
            raise ValueError("documented must say whether the page states the fact")
        return self


class Retries(Fact):
    """What the provider does when it gets no 2xx.

    Attributes:
        after_seconds: of each retry, since the first attempt; empty if there are none or only
            their end, or not even that, is documented.
        within_seconds: of the last retry at the latest; 0 if there are none, None if neither the
            schedule nor its end is documented.
        changes: parts of a retry that differ from those of the first attempt: `timestamp` and
            `signature`, if each attempt is signed at its own time, and extractors. A part that
            may differ, according to the documentation, counts.
        ended_by: statuses after which there are no retries, where the documentation names them
            instead of all 2xx.
    """

    after_seconds: tuple[PositiveInt, ...] = ()
    within_seconds: Annotated[int, Field(ge=0)] | None = None
    changes: tuple[Annotated[str, AfterValidator(_change)], ...] = ()
    ended_by: tuple[Annotated[int, Field(ge=200, lt=300)], ...] = ()

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if list(self.after_seconds) != sorted(set(self.after_seconds)):
            raise ValueError("after_seconds must increase")
        if self.after_seconds and self.within_seconds is not None:
            raise ValueError("within_seconds follows from after_seconds")
        return self

    def _says(self) -> bool:
        return self.last_seconds is not None

    @property
    def last_seconds(self) -> int | None:
        """When the last retry comes at the latest, since the first attempt; None if unknown."""
        return self.after_seconds[-1] if self.after_seconds else self.within_seconds

    @property
    def repeats_signature(self) -> bool:
        """Whether a retry has the signed time of the first attempt."""
        return "timestamp" not in self.changes


class EventIdentity(Fact):
    """What distinguishes events and is the same for retries.

    Attributes:
        by: `id` is what the preset's `delivery_id` finds, `content` a hash of the signed content,
            which differs for two events and is repeated, `request` a key for each request, so
            that retries are forwarded twice, and `body` a hash of the body, the last resort.
        signed: whether the signature covers it; a token that is in every request counts.
        stable: whether a retry has the same; otherwise it is forwarded again.
        risk: which events are lost, or delivered twice, in spite of it; empty if none.
    """

    by: Literal["id", "content", "request", "body"]
    signed: bool
    stable: bool = True
    risk: str = ""


class RegistrationCheck(Fact):
    """A request with which the provider checks the URL.

    Attributes:
        signed: whether it is signed like a webhook.
        published_key: the key, which the documentation names, that signs it instead of the secret.
        status: of the response that the provider expects.
        answer: a part of the response's body or headers that the provider expects.
    """

    method: Literal["GET", "HEAD", "POST", "OPTIONS"] = "POST"
    query: str = ""
    headers: Mapping[str, str] = {}
    body: str = ""
    signed: bool = False
    published_key: str = ""
    status: int = 200
    answer: str = ""


class Registration(Fact):
    """The requests with which the provider checks the URL."""

    checks: tuple[RegistrationCheck, ...] = ()

    def _says(self) -> bool:
        return bool(self.checks)


class Refusal(Fact):
    """The response to a request with an invalid signature, and what follows from it.

    Attributes:
        status: that the provider demands; None if any but 2xx will do.
        body: `none` if the response must have no body.
        retried: whether the provider sends a webhook again that got 401; None if that is not
            documented. Otherwise a webhook is lost while the source has the wrong secret.
        disables: statuses after which the provider sends no further webhooks.
    """

    status: int | None = None
    body: Literal["any", "none"] = "any"
    retried: bool | None = None
    disables: tuple[int, ...] = ()

    def _says(self) -> bool:
        return self.status is not None or self.retried is not None or bool(self.disables)


class Bodies(Fact):
    """The bodies that a provider sends.

    Attributes:
        forms: `none` is an empty body.
        encodings: of `Content-Encoding`.
        signed: whether the signature covers the body before or after that encoding.
    """

    forms: tuple[Literal["json", "form", "xml", "multipart", "ndjson", "none"], ...] = ()
    encodings: tuple[Literal["gzip", "deflate"], ...] = ()
    signed: Literal["decoded", "encoded"] = "encoded"

    def _says(self) -> bool:
        return bool(self.forms)


class Algorithm(Fact):
    """The algorithm of the signature.

    Attributes:
        allowed: names of `scheme_parameters`, `public_key_scheme` or `jwt_scheme`; empty where
            the provider does not sign.
        stated_in: the extractor of the request's own statement, `token` for the header of a JSON
            Web Token; empty if the request states none.
        without: the algorithm of a request without that statement.
    """

    allowed: tuple[str, ...] = ()
    stated_in: str = ""
    without: str = ""


class Amounts(Fact):
    """How amounts of money are written: in units of the currency, or in its minor units.

    Which currencies have which minor units is in `bridge.messages.money`.
    """

    unit: Literal["minor", "major"] | None = None

    def _says(self) -> bool:
        return self.unit is not None
