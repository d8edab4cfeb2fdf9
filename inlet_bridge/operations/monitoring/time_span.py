"""Divide a span of time into periods, as CloudWatch's metrics have them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final


class TimeRange(StrEnum):
    """How far back."""

    HOUR = "1h"
    DAY = "24h"
    WEEK = "7d"


# Seconds of a period, and their number. CloudWatch keeps periods of a minute for 15 days, and the
# datapoints of 500 metrics fit one call of GetMetricData, which returns 100,800 at most:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
_PERIODS: Final = {
    TimeRange.HOUR: (60, 60),
    TimeRange.DAY: (900, 96),
    TimeRange.WEEK: (7_200, 84),
}


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """Periods of equal length, of which the last one contains the present.

    Attributes:
        start: of the first period, aware, a multiple of the period.
        period: in seconds.
        number: of periods.
        now: the present, in the last period; None if it is not known.
    """

    start: datetime
    period: int
    number: int
    now: datetime | None = None

    @property
    def end(self) -> datetime:
        """The end of the last period."""
        return self.begin(self.number)

    @property
    def known_until(self) -> datetime:
        """The end of what can have happened."""
        return min(self.end, self.now) if self.now else self.end

    @property
    def begins(self) -> list[datetime]:
        """When each period begins."""
        return [self.begin(index) for index in range(self.number)]

    def begin(self, index: int) -> datetime:
        """When a period begins."""
        return self.start + timedelta(seconds=self.period * index)

    def index(self, moment: datetime) -> int | None:
        """The period of a moment; None if it is in none."""
        index = int((moment - self.start).total_seconds() // self.period)
        return index if 0 <= index < self.number else None


def time_span(of: TimeRange, now: datetime) -> TimeSpan:
    """The periods of a range that ends now."""
    period, number = _PERIODS[of]
    last = int(now.timestamp()) // period
    start = datetime.fromtimestamp((last + 1 - number) * period, UTC)
    return TimeSpan(start, period, number, now)
