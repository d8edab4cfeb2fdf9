"""The technical account at Adobe, as its secret has it."""

import hashlib
import json
from dataclasses import dataclass, field

from bridge.errors import InvalidCredentialsError


@dataclass(frozen=True, slots=True)
class AdobeCredentials:
    """The technical account at Adobe.

    Attributes:
        org_id: the IMS organization, ending in `@AdobeOrg`.
        scopes: comma-separated.
        sandbox: the name of the sandbox of the chain.
    """

    client_id: str
    client_secret: str = field(repr=False)
    org_id: str
    scopes: str
    sandbox: str


_FIELDS = ("client_id", "client_secret", "org_id", "scopes", "sandbox")


def parse_credentials(text: str) -> AdobeCredentials:
    """Parse the JSON secret.

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
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        # Not chained: the decoder's error contains the secret.
        raise InvalidCredentialsError("the Adobe credentials are not JSON") from None
    if not isinstance(document, dict):
        raise InvalidCredentialsError("the Adobe credentials are not a JSON object")
    if isinstance(document.get("scopes"), list):
        document["scopes"] = ",".join(map(str, document["scopes"]))
    for name in _FIELDS:
        if not (isinstance(document.get(name), str) and document[name].strip()):
            raise InvalidCredentialsError(
                f"the Adobe credentials have no field {name}, or it is not a string"
            )
    if not document["org_id"].endswith("@AdobeOrg"):
        raise InvalidCredentialsError("the Adobe credentials' org_id does not end in @AdobeOrg")
    return AdobeCredentials(**{name: document[name].strip() for name in _FIELDS})


def _digest(text: str) -> str:
    """Names a version of the credentials; only compared, and stored encrypted."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def digest_of(credentials: AdobeCredentials) -> str:
    """Names a version of valid credentials."""
    return _digest(json.dumps([getattr(credentials, name) for name in _FIELDS]))
