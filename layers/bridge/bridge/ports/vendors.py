"""Port of the vendors whose APIs register webhooks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class VendorRequest:
    """A request to a vendor's API.

    Attributes:
        vendor: title of the vendor, for messages.
        url: https, on a host of the data of the bridge.
        headers: with the credential.
        creates: a second request could create a second webhook.
        doing: the purpose, for messages.
    """

    vendor: str
    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    creates: bool
    doing: str


@dataclass(frozen=True, slots=True)
class VendorResponse:
    """The response of a vendor.

    Attributes:
        headers: by their names in lower case.
        document: the JSON value; None if there is none.
    """

    status: int
    headers: Mapping[str, str]
    document: Any = field(repr=False)


class VendorApi(Protocol):
    """The APIs of vendors."""

    def send(self, request: VendorRequest) -> VendorResponse:
        """Send a request, and repeat it while the vendor is busy and that is harmless.

        Raises:
            VendorError: there was no usable response, or the vendor remained busy; retryable.
        """
