"""What a sender gets."""

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Response:
    """The response to the sender."""

    status: int
    headers: dict[str, str]
    body: str

    @property
    def document(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(self.body)
        return read
