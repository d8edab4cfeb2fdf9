"""Explain why a vendor rejects a request: the property, and the way out."""

import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from bridge.errors import VendorError
from bridge.ports.vendors import VendorResponse
from bridge.provisioning.subscriptions.record import Registered
from bridge.provisioning.subscriptions.vendors import Vendor

_MAX_MESSAGE = 200
# What vendors' keys look like; a message may quote a part of one.
_KEY = re.compile(r"(?:sk|rk|whsec|ghp|gho|ghs|github_pat|glpat|gl[a-z]+t)[_-]\S+")
_TEXTS = ("message", "error", "error_description", "errors", "field", "code", "param")


def refusal(
    vendor: Vendor,
    wanted: Registered,
    doing: str,
    response: VendorResponse,
    hidden: Iterable[str],
) -> VendorError:
    """The error of a request that a vendor rejects.

    Args:
        vendor: its vendor.
        wanted: the target, the credential and the events.
        doing: the purpose of the request.
        response: with a status of 300 or above.
        hidden: texts that no message may contain.
    """
    path, reason = _explained(vendor, wanted, doing, response, tuple(hidden))
    return VendorError(
        f"Subscription.{path}" if path else "Subscription", reason, status=response.status
    )


def forbidden(vendor: Vendor, wanted: Registered, doing: str) -> VendorError:
    """The error of a request that the credential is not allowed to make.

    Args:
        vendor: its vendor.
        wanted: the target and the credential.
        doing: the purpose of the request.
    """
    return VendorError(
        "Subscription.Credential",
        _forbidden(vendor, wanted, doing),
        status=HTTPStatus.FORBIDDEN,
    )


def _forbidden(vendor: Vendor, wanted: Registered, doing: str) -> str:
    scope = vendor.targets[wanted.target].scope
    return f"{wanted.credential} may not {doing} at {vendor.title}; it needs {scope}"


def _explained(
    vendor: Vendor,
    wanted: Registered,
    doing: str,
    response: VendorResponse,
    hidden: tuple[str, ...],
) -> tuple[str, str]:
    target = vendor.targets[wanted.target]
    if response.status < HTTPStatus.BAD_REQUEST and wanted.target:
        return wanted.target, (
            f"{wanted.target.lower()} {wanted.value} was renamed or moved at {vendor.title}; write "
            "its present name"
        )
    match response.status:
        case HTTPStatus.UNAUTHORIZED:
            return "Credential", (
                f"{vendor.title} does not accept {wanted.credential}: it is invalid, expired or "
                f"revoked; store {target.scope}"
            )
        case HTTPStatus.FORBIDDEN:
            return "Credential", _forbidden(vendor, wanted, doing)
        case HTTPStatus.NOT_FOUND if wanted.target:
            return wanted.target, (
                f"{vendor.title} has no {wanted.target.lower()} {wanted.value}, or the credential "
                f"may not see it; it needs {target.scope}"
            )
    message = _message(response.document, hidden)
    said = f": {message}" if message else ""
    if _is_about_events(vendor, message):
        return "Events", (
            f"{vendor.title} rejects an event{said}; see {vendor.events.documentation}"
        )
    return "", f"{vendor.title} refuses to {doing}, {response.status}{said}"


def _is_about_events(vendor: Vendor, message: str) -> bool:
    return bool(vendor.events.member and vendor.events.member in message) or "event" in message


def _message(document: Any, hidden: tuple[str, ...]) -> str:
    """What the vendor says, on one line, without keys and hidden texts."""
    said = " ".join(" ".join(dict.fromkeys(_texts(document))).split())
    for text in hidden:
        if text:
            said = said.replace(text, "...")
    return _KEY.sub("...", said)[:_MAX_MESSAGE].rstrip(".")


def _texts(document: Any) -> list[str]:
    match document:
        case str():
            return [document]
        case list():
            return [text for each in document[:5] for text in _texts(each)]
        case dict():
            return [text for name in _TEXTS if name in document for text in _texts(document[name])]
        case _:
            return []
