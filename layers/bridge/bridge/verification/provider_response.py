"""Provider-specific HTTP response."""

from collections.abc import Mapping
from typing import NamedTuple


class ProviderResponse(NamedTuple):
    """An HTTP response in the format that the provider expects."""

    status: int
    headers: Mapping[str, str]
    body: str
