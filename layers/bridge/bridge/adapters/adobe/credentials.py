"""The technical account at Adobe, as its secret has it."""

import hashlib
import json
import re
from typing import Final, NamedTuple

from bridge.adapters.adobe.credential_file import Field, fields_of
from bridge.errors import InvalidCredentialsError


class AdobeCredentials(NamedTuple):
    """The technical account at Adobe.

    Attributes:
        org_id: the IMS organization, ending in `@AdobeOrg`.
        scopes: comma-separated.
        sandbox: the name of the sandbox of the chain.
    """

    client_id: str
    client_secret: str
    org_id: str
    scopes: str
    sandbox: str

    def __repr__(self) -> str:
        """Without the secret."""
        return f"{type(self).__name__}({self.client_id!r})"


# PowerShell writes it.
_BYTE_ORDER_MARK: Final = "\ufeff"
# With the marks of a list, which an environment file has as a text: `["openid", "AdobeID"]`.
_BETWEEN_SCOPES: Final = re.compile(r"""[\s,\[\]"']+""")
_FIELDS = ("client_id", "client_secret", "org_id", "scopes", "sandbox")


def parse_credentials(text: str) -> AdobeCredentials:
    """Parse the JSON secret: the bridge's own form, or a download of the Developer Console.

    Raises:
        InvalidCredentialsError: it is not a JSON object, or a field is missing.
    """
    try:
        return _parsed(text)
    except InvalidCredentialsError as exc:
        exc.digest = _digest(text)
        raise


def _parsed(text: str) -> AdobeCredentials:
    try:
        document = json.loads(text.removeprefix(_BYTE_ORDER_MARK))
    except (ValueError, RecursionError):
        # Not chained: the decoder's error contains the secret.
        raise InvalidCredentialsError("the Adobe credentials are not JSON") from None
    if not isinstance(document, dict):
        raise InvalidCredentialsError("the Adobe credentials are not a JSON object")
    fields = fields_of(document)
    values = {name: _text(name, fields[name]) for name in _FIELDS}
    if not values["org_id"].endswith("@AdobeOrg"):
        raise InvalidCredentialsError(
            f"the Adobe credentials' {fields['org_id'].name} does not end in @AdobeOrg"
        )
    return AdobeCredentials(**values)


def _text(name: str, field: Field) -> str:
    """The value of a field. Raises InvalidCredentialsError if it has none."""
    value = field.value
    if name == "scopes":
        parts = value if isinstance(value, list) else [value]
        # The Developer Console shows scopes with commas, and RFC 6749 separates them by spaces.
        scopes = [
            each for part in parts if isinstance(part, str) for each in _BETWEEN_SCOPES.split(part)
        ]
        value = ",".join(dict.fromkeys(filter(None, scopes)))
    if isinstance(value, str) and value.strip():
        return value.strip()
    advice = "; add the name of the sandbox" if name == "sandbox" and value is None else ""
    raise InvalidCredentialsError(
        f"the Adobe credentials have no field {field.name}, or it is not a string{advice}"
    )


def _digest(text: str) -> str:
    """Names a version of the credentials; only compared, and stored encrypted."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def digest_of(credentials: AdobeCredentials) -> str:
    """Names a version of valid credentials."""
    return _digest(json.dumps([getattr(credentials, name) for name in _FIELDS]))
