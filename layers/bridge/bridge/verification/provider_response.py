"""Provider-specific HTTP response."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProviderResponse:
    """An HTTP response in the format that the provider expects."""

    status: int
    headers: Mapping[str, str]
    body: str
