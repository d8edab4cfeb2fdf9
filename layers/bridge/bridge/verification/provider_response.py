"""What a sender is told in its own words."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProviderResponse:
    """An HTTP answer, ready to be given."""

    status: int
    headers: Mapping[str, str]
    body: str
