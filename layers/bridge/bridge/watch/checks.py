"""Check for unaccounted deliveries and quiet sources, which per-webhook metrics cannot show."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.names import PREFLIGHT_SOURCE, resources_path
from bridge.ports.aws import Parameters, QueueDepth, SourceHistory, WaitingRecords
from bridge.ports.process import Clock

# SQS message counts lag by a minute (Amazon SQS Developer Guide, "Resources required to process
# messages").
SETTLED_AFTER = timedelta(minutes=5)
# Tolerance of the approximate queue depth, as a fraction of it.
_TOLERANCE = 0.1
# A source is quiet only if it was active within this time before its silence.
_ACTIVE_WITHIN = timedelta(days=7)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Watch:
    """Checks all deliveries and sources. Both methods raise UnavailableError.

    Attributes:
        silence: the time without webhooks after which a source is quiet.
    """

    stage: str
    silence: timedelta
    parameters: Parameters
    history: SourceHistory
    records: WaitingRecords
    buffer: QueueDepth
    clock: Clock

    def unaccounted(self) -> int:
        """Count deliveries that are recorded as waiting but are in no queue."""
        before = self.buffer.depth()
        recorded = self.records.waiting_since(self.clock() - SETTLED_AFTER)
        return missing(recorded, (before, self.buffer.depth()))

    def quiet(self) -> list[str]:
        """Return the sources that were active and have become quiet."""
        now = self.clock()
        path = f"{resources_path(self.stage, 'sources')}/"
        below = self.parameters.under(path.rstrip("/"))
        sources = source_names(name.removeprefix(path) for name in below)
        heard = self.history.heard(sources, history_begins(now, self.silence))
        return [name for name in sources if is_quiet(heard.get(name, ()), now, self.silence)]


def missing(recorded: int, depths: Collection[int]) -> int:
    """Return the number of waiting records that exceeds the depth of the queue.

    Messages that waited at the start are in the first depth, and redriven ones in the last: the
    larger depth counts.
    """
    waiting = max(depths)
    return max(recorded - waiting - int(waiting * _TOLERANCE), 0)


def source_names(found: Iterable[str]) -> list[str]:
    """Return the sources of senders: without names below a source, and without the preflight."""
    return sorted(name for name in found if "/" not in name and name != PREFLIGHT_SOURCE)


def history_begins(now: datetime, silence: timedelta) -> datetime:
    """Return the first hour of the activity that the check needs."""
    return (now - silence - _ACTIVE_WITHIN).replace(minute=0, second=0, microsecond=0)


def is_quiet(hours: Iterable[datetime], now: datetime, silence: timedelta) -> bool:
    """Whether a source was active and has become quiet.

    Args:
        hours: the starts of the hours with accepted webhooks; without any, it is not quiet.
        now: the time of the check.
        silence: an hour that is partly within it counts as active.
    """
    last = max(hours, default=None)
    return last is not None and last + _HOUR <= now - silence
