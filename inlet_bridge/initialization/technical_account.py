"""Read the technical account at Adobe from a file of the Developer Console, without its sandbox."""

import json
from pathlib import Path
from typing import Any, Final

from bridge.adapters.adobe.credentials import AdobeCredentials, parse_credentials
from bridge.errors import InvalidCredentialsError
from bridge.parameter_json import storable
from inlet_bridge.initialization.errors import InitializationError

# A project's download has a few kilobytes.
_MOST_BYTES: Final = 1_000_000
# The files have no sandbox, which is asked for afterwards.
_UNKNOWN: Final = "?"


def read_account(file: Path) -> AdobeCredentials:
    """The account of a file; its sandbox is empty if the file has none.

    Raises:
        InitializationError: the file cannot be used. Nothing of it is quoted.
    """
    try:
        with file.open("rb") as opened:
            content = opened.read(_MOST_BYTES + 1)
    except OSError as exc:
        raise InitializationError(f"{file} cannot be read: {exc.strerror}") from None
    if len(content) > _MOST_BYTES:
        raise InitializationError(f"{file} is over 1 MB; it must be a download of credentials")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InitializationError(f"{file} is not UTF-8") from None
    return account_of(text, str(file))


def account_of(text: str, where: str) -> AdobeCredentials:
    """The account of the text of a file or of a parameter. Raises InitializationError."""
    try:
        document: Any = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    has_sandbox = isinstance(document, dict) and any(
        document.get(name) for name in ("sandbox", "sandbox_name", "SANDBOX", "SANDBOX_NAME")
    )
    if isinstance(document, dict) and not has_sandbox:
        text = json.dumps({**document, "sandbox": _UNKNOWN})
    try:
        account = parse_credentials(text)
    except InvalidCredentialsError as exc:
        raise InitializationError(f"{where}: {exc}") from None
    return account._replace(sandbox="") if account.sandbox == _UNKNOWN else account


def stored_form(account: AdobeCredentials) -> str:
    """The secret as it is stored: only what the bridge needs, so that it always fits."""
    return storable(
        json.dumps(
            {
                "client_id": account.client_id,
                "client_secret": account.client_secret,
                "org_id": account.org_id,
                "scopes": account.scopes,
                "sandbox": account.sandbox,
            }
        )
    )
