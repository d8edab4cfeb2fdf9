"""The system clock."""

from datetime import UTC, datetime
from functools import partial
from typing import Final

utc_now: Final = partial(datetime.now, UTC)
"""The current time, aware, in UTC."""
