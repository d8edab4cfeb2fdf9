"""What Adobe's Platform says when it refuses.

The body of an error has no single documented shape: the HTTP status counts first, then a code
such as `1447-400` or `401013` wherever it stands.
https://experienceleague.adobe.com/docs/experience-platform/sources/errors/flow-service-errors.html
"""

import re
from dataclasses import dataclass
from http import HTTPStatus

import requests

from bridge.errors import AdobeError

# Still in use, or in a transitional state: passes on its own while a chain is taken down.
_PASSING = frozenset(
    {"1416", "1417", "1418", "1420", "1421", "1422", "1447", "1456", "1457", "1458"}
)
_NO_SUCH_SANDBOX = frozenset({"2100", "2101", "2103"})
_NO_TOKEN = "403010"  # noqa: S105 - a code of Adobe's gateway
_TRANSIENT = frozenset({429, 500, 502, 503, 504})
_CODE = re.compile(r"\b(\d{4})-\d{3}\b|\b(\d{6})\b")
_FIELDS = ("errorCode", "code", "error_code", "title", "detail", "message", "errorMessage")
_LONGEST_MESSAGE = 300


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is an error.

    Attributes:
        code: four digits of the Flow Service, six of the gateway, or empty.
        message: in Adobe's words, on one line.
    """

    status: int
    code: str
    message: str

    @property
    def is_missing(self) -> bool:
        """No such object; a sandbox that does not exist is something else."""
        return self.status == HTTPStatus.NOT_FOUND and self.code not in _NO_SUCH_SANDBOX

    @property
    def is_about_token(self) -> bool:
        """Another token may be accepted, and nothing was done."""
        return self.status == HTTPStatus.UNAUTHORIZED or self.code == _NO_TOKEN

    @property
    def is_transient(self) -> bool:
        """The same request may succeed later."""
        return self.status in _TRANSIENT

    @property
    def is_passing(self) -> bool:
        """A deletion may succeed once Adobe has noticed the ones before it."""
        return self.code in _PASSING

    def to_error(self, doing: str, *, retryable: bool) -> AdobeError:
        """One sentence: what was refused, Adobe's words, and what to do."""
        said = f" {self.message.rstrip('.')}" if self.message else ""
        return AdobeError(
            f"Adobe refused to {doing}: {self.status}{said}; {self._advice()}",
            status=self.status,
            retryable=retryable,
        )

    def _advice(self) -> str:
        if self.is_transient or self.is_passing:
            return "apply again later"
        match self.status:
            case HTTPStatus.UNAUTHORIZED:
                return "check the credentials"
            case HTTPStatus.FORBIDDEN:
                return "add the technical account to a product profile that may manage sources"
            case HTTPStatus.NOT_FOUND:
                return "check the sandbox of the credentials"
            case HTTPStatus.CONFLICT | HTTPStatus.PRECONDITION_FAILED:
                return "somebody changed it at the same time, apply again"
            case _:
                return "check the ids in the properties"


def read_refusal(answer: requests.Response) -> Refusal:
    """Read an answer whose status is an error."""
    try:
        body = answer.json()
    except requests.JSONDecodeError:
        body = None
    fields = body if isinstance(body, dict) else {}
    said = (str(fields[name]) for name in _FIELDS if isinstance(fields.get(name), str | int))
    text = " ".join(" ".join(dict.fromkeys(said)).split())
    match = _CODE.search(text)
    code = (match[1] or match[2]) if match else ""
    return Refusal(answer.status_code, code, text[:_LONGEST_MESSAGE])
