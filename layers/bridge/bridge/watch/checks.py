"""The watch's use case: what no metric of a single webhook can tell.

Something that was accepted and is nowhere, and a source that has gone quiet.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.names import PREFLIGHT_SOURCE, resources_path
from bridge.ports.aws import Parameters, QueueDepth, SourceHistory, WaitingRecords
from bridge.ports.process import Clock

# SQS counts its messages a minute late (Amazon SQS Developer Guide, "Resources required to
# process messages").
SETTLED_AFTER = timedelta(minutes=5)
# Of what waits: how far the count may be off while messages move.
_UNSURE = 0.1
# Within this time before its silence a source has to have been heard.
_ALIVE_WITHIN = timedelta(days=7)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Watch:
    """Looks at the whole bridge at once. Both methods raise UnavailableError.

    Attributes:
        silence: after how long without a webhook a source is quiet.
    """

    stage: str
    silence: timedelta
    parameters: Parameters
    history: SourceHistory
    records: WaitingRecords
    buffer: QueueDepth
    clock: Clock

    def unaccounted(self) -> int:
        """How many deliveries are recorded as waiting and lie in no queue."""
        before = self.buffer.depth()
        recorded = self.records.waiting_since(self.clock() - SETTLED_AFTER)
        return missing(recorded, (before, self.buffer.depth()))

    def quiet(self) -> list[str]:
        """The sources that were heard once and have gone quiet."""
        now = self.clock()
        path = f"{resources_path(self.stage, 'sources')}/"
        below = self.parameters.under(path.rstrip("/"))
        sources = source_names(name.removeprefix(path) for name in below)
        heard = self.history.heard(sources, history_begins(now, self.silence))
        return [name for name in sources if is_quiet(heard.get(name, ()), now, self.silence)]


def missing(recorded: int, depths: Collection[int]) -> int:
    """What is recorded as waiting, less what the queue holds.

    What waited when the counting began was in the queue then, and what a redrive brought since is
    there at the end: the larger depth counts.
    """
    waiting = max(depths)
    return max(recorded - waiting - int(waiting * _UNSURE), 0)


def source_names(found: Iterable[str]) -> list[str]:
    """Those that senders use: what lies below a name is no source, and the preflight no sender."""
    return sorted(name for name in found if "/" not in name and name != PREFLIGHT_SOURCE)


def history_begins(now: datetime, silence: timedelta) -> datetime:
    """The hour from which on it is known whether a source was alive."""
    return (now - silence - _ALIVE_WITHIN).replace(minute=0, second=0, microsecond=0)


def is_quiet(hours: Iterable[datetime], now: datetime, silence: timedelta) -> bool:
    """Whether a source was heard and then no more.

    Args:
        hours: the beginnings of those in which it was heard; one that was never heard is not quiet.
        now: of the look.
        silence: an hour that is partly within it counts as heard.
    """
    last = max(hours, default=None)
    return last is not None and last + _HOUR <= now - silence
