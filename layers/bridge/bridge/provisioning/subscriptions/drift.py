"""Find how the webhooks at vendors differ from the record."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bridge.errors import InvalidPropertyError, VendorError
from bridge.provisioning.subscriptions.preparation import Preparation
from bridge.provisioning.subscriptions.vendors import BY_PRESET
from bridge.sources.source import Source
from bridge.telemetry import logger


@dataclass(frozen=True, slots=True)
class SubscriptionDrift:
    """The drift of all sources of one stage."""

    preparation: Preparation

    def status(self, source: Source) -> dict[str, Any] | None:
        """The record and its drift; None without a `Subscription`. Raises UnavailableError."""
        record = self.preparation.stored.record(source.name)
        if record.current is None:
            return None
        try:
            drift = self.of(source)
        except VendorError as exc:
            drift = [f"not compared: {exc}"]
        known = record.current
        return {
            "vendor": BY_PRESET[known.preset].title,
            "target": known.value,
            "events": list(known.events),
            "id": known.id,
            "drift": drift,
        }

    def of(self, source: Source) -> list[str]:
        """How the vendor and SSM differ from the record, as sentences.

        Raises VendorError, UnavailableError: that cannot be determined now.
        """
        record = self.preparation.stored.record(source.name)
        if record.current is None:
            return []
        try:
            prepared = self.preparation.prepare(source, record.current.with_id(""))
        except InvalidPropertyError as exc:
            return [str(exc)]
        title = BY_PRESET[record.current.preset].title
        former = [f"a former webhook of {each.value or title} is left" for each in record.former]
        return prepared.observed.sentences(title) + former

    def by_connection(self, sources: Iterable[Source]) -> dict[str, int]:
        """The number of differences, by connection. Raises UnavailableError.

        A vendor that does not respond is not compared: the check of the next hour does it.
        """
        found: dict[str, int] = {}
        for source in sources:
            try:
                number = len(self.of(source))
            except VendorError as exc:
                logger.warning("not compared", extra={"source": source.name, "reason": str(exc)})
                continue
            if number:
                name = source.connection.name
                found[name] = found.get(name, 0) + number
        return found
