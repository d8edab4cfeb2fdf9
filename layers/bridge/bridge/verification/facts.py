"""How providers send: the facts of `catalogue.json`, each with the page that documents it.

For the pages, the tests and the command. Neither the receiver nor a source document has them: what
the receiver needs is in the preset's other fields, and tests compare both.
"""

from collections.abc import Mapping
from functools import cached_property
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from pydantic import BaseModel, ConfigDict, TypeAdapter

from bridge.verification.fact_kinds import (
    Algorithm,
    Amounts,
    Bodies,
    EventIdentity,
    Fact,
    Refusal,
    Registration,
    Retries,
)


class Facts(BaseModel):
    """The facts of one provider; none is optional, but the page may not say it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    retries: Retries
    event: EventIdentity
    registration: Registration
    refusal: Refusal
    bodies: Bodies
    algorithm: Algorithm
    amounts: Amounts

    @cached_property
    def all(self) -> tuple[Fact, ...]:
        """Each of the facts."""
        named = (getattr(self, name) for name in type(self).model_fields)
        return (*named, *self.registration.checks)

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """The pages of all facts, without repetitions."""
        return tuple(dict.fromkeys(fact.source for fact in self.all))


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
