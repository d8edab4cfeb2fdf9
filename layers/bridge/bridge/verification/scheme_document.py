"""Reads a scheme back from its document; imports no more than its family needs."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bridge.verification.schemes import (
    IamScheme,
    MacScheme,
    NoScheme,
    Signature,
    Timestamp,
    TokenScheme,
)

if TYPE_CHECKING:
    from bridge.verification.schemes import Scheme


def scheme_from_document(document: Mapping[str, Any]) -> "Scheme":
    """Read what `dataclasses.asdict` and JSON made of a scheme.

    Raises:
        ValueError: the family is unknown; nothing can be verified then.
    """
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in document.items()
    }
    match document.get("family"):
        case "mac":
            return MacScheme(**fields | _signed(document))
        case "token":
            return TokenScheme(**fields)
        case "pk":
            from bridge.verification.public_key_scheme import KeyAddress, PublicKeyScheme  # noqa: PLC0415

            address = document.get("address")
            fields["address"] = address and KeyAddress(**_tupled(address))
            return PublicKeyScheme(**fields | _signed(document))
        case "jwt":
            from bridge.verification.jwt_scheme import JwtScheme  # noqa: PLC0415

            return JwtScheme(**fields)
        case "none":
            return NoScheme()
        case "iam":
            return IamScheme()
        case family:
            raise ValueError(f"no scheme family {family!r}")


def _signed(document: Mapping[str, Any]) -> dict[str, Any]:
    timestamp = document.get("timestamp")
    return {
        "signature": Signature(**_tupled(document["signature"])),
        "timestamp": timestamp and Timestamp(**timestamp),
    }


def _tupled(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with the list of its places as what a frozen dataclass holds."""
    return {**document, "from_": tuple(document["from_"])}
