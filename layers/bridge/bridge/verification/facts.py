"""How providers send: the facts of `catalogue.json`, each with the page that documents it.

For the pages, the tests and the command. Neither the receiver nor a source document has them: what
the receiver needs is in the preset's other fields, and tests compare both.
"""

from collections.abc import Mapping
from functools import cached_property
from importlib.resources import files
from types import MappingProxyType
from typing import Annotated, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PositiveInt,
    TypeAdapter,
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
    """Something that a provider documents.

    Attributes:
        source: the page.
        unverified: the page was not read again, or says less than the fact: public code or
            observed requests do.
        note: what the other fields do not say.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Annotated[str, AfterValidator(_https)]
    unverified: bool = False
    note: str = ""


class Retries(Fact):
    """What the provider does when it gets no 2xx.

    Attributes:
        after_seconds: of each retry, since the first attempt; empty if there are none or the
            schedule is not documented.
        within_seconds: of the last retry at the latest; 0 if there are none, None if neither the
            schedule nor its end is documented.
        changes: parts of a retry that differ from those of the first attempt: `timestamp` and
            `signature`, if each attempt is signed at its own time, and extractors. A part that
            may differ, according to the documentation, counts.
    """

    after_seconds: tuple[PositiveInt, ...] = ()
    within_seconds: Annotated[int, Field(ge=0)] | None = None
    changes: tuple[Annotated[str, AfterValidator(_change)], ...] = ()

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if list(self.after_seconds) != sorted(set(self.after_seconds)):
            raise ValueError("after_seconds must increase")
        if self.after_seconds and self.within_seconds is not None:
            raise ValueError("within_seconds follows from after_seconds")
        return self

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


class Refusal(Fact):
    """The response to a request with an invalid signature.

    Attributes:
        status: that the provider expects.
        body: `none` if the response must have no body.
    """

    status: int = 401
    body: Literal["any", "none"] = "any"


class Bodies(Fact):
    """The bodies that a provider sends.

    Attributes:
        forms: `none` is an empty body.
        encodings: of `Content-Encoding`.
        signed: whether the signature covers the body before or after that encoding.
    """

    forms: tuple[Literal["json", "form", "xml", "multipart", "ndjson", "text", "none"], ...]
    encodings: tuple[Literal["gzip", "deflate"], ...] = ()
    signed: Literal["decoded", "encoded"] = "encoded"


class AlgorithmHeader(Fact):
    """A header that names the algorithm of the signature.

    Attributes:
        header: its name, in lower case.
        without: the algorithm of requests without the header.
    """

    header: str
    without: str = ""


class Facts(BaseModel):
    """The facts of one provider; None, or none, where the provider documents nothing special."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    retries: Retries
    event: EventIdentity
    registration: tuple[RegistrationCheck, ...] = ()
    refusal: Refusal | None = None
    bodies: Bodies | None = None
    algorithm: AlgorithmHeader | None = None

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """The pages of all facts, without repetitions."""
        single = (self.retries, self.event, self.refusal, self.bodies, self.algorithm)
        found = (*(fact for fact in single if fact is not None), *self.registration)
        return tuple(dict.fromkeys(fact.source for fact in found))


class _Entry(BaseModel):
    """The part of a preset that this module reads."""

    facts: Facts


FACTS: Final[Mapping[str, Facts]] = MappingProxyType(
    {
        name: entry.facts
        for name, entry in TypeAdapter(dict[str, _Entry])
        .validate_json(files(__package__).joinpath("catalogue.json").read_bytes(), strict=True)
        .items()
    }
)
"""The facts by the name of the preset."""
