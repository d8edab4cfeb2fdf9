"""Read a scheme from its document; imports only what its family needs."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bridge.verification.scheme_parameters import Signature, Timestamp
from bridge.verification.schemes import IamScheme, MacScheme, NoScheme, TokenScheme

if TYPE_CHECKING:
    from bridge.verification.schemes import Scheme


def scheme_from_document(document: Mapping[str, Any]) -> "Scheme":
    """Read the document of a scheme, see `parameter_json.document_of`.

    Raises:
        ValueError: the family is unknown.
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
            from bridge.verification.public_key_scheme import KeyAddress, PublicKeyScheme  # noqa: PLC0415 (few sources have public keys)

            address = document.get("address")
            fields["address"] = address and KeyAddress(**_tupled(address))
            return PublicKeyScheme(**fields | _signed(document))
        case "jwt":
            from bridge.verification.jwt_scheme import JwtScheme  # noqa: PLC0415 (few sources have tokens)

            return JwtScheme(**fields)
        case "none":
            return NoScheme()
        case "iam":
            return IamScheme()
        case family:
            raise ValueError(f"unknown scheme family {family!r}")


def _signed(document: Mapping[str, Any]) -> dict[str, Any]:
    timestamp = document.get("timestamp")
    return {
        "signature": Signature(**_tupled(document["signature"])),
        "timestamp": timestamp and Timestamp(**timestamp),
    }


def _tupled(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with its list of extractors as a tuple."""
    return {**document, "from_": tuple(document["from_"])}
