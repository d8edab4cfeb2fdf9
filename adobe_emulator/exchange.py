"""A request and its response, independent of the web framework."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from adobe_emulator.faults import Fault
from adobe_emulator.strict_json import parse


@dataclass(frozen=True, slots=True)
class Call:
    """A request.

    Attributes:
        parameters: the named parts of the path.
        query: decoded names and values in order; `+` is not a space.
        headers: lower-case names.
        fault: the planned fault for the request.
    """

    method: str
    parameters: Mapping[str, str]
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes
    fault: Fault | None = None

    def json(self) -> Any:
        """The body as JSON. Raises MalformedJsonError."""
        return parse(self.body)

    def first(self, name: str) -> str | None:
        """The first query value of that name."""
        return next((value for key, value in self.query if key == name), None)

    def all(self, name: str) -> tuple[str, ...]:
        """All query values of that name."""
        return tuple(value for key, value in self.query if key == name)


@dataclass(frozen=True, slots=True)
class Response:
    """A response; an empty body is not a JSON document."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class RefusedError(Exception):
    """The request is rejected.

    Attributes:
        response: the error response.
    """

    def __init__(self, response: Response) -> None:
        super().__init__(f"refused with {response.status}")
        self.response = response


def json_answer(status: int, document: Any, headers: Mapping[str, str] | None = None) -> Response:
    """A response with a JSON body."""
    body = json.dumps(document, separators=(",", ":")).encode()
    return Response(status, body, {"content-type": "application/json", **(headers or {})})
