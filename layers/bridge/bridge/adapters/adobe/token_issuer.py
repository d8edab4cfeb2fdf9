"""Request access tokens with the technical account's current credentials."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from bridge.adapters.adobe.credentials import AdobeCredentials, digest_of
from bridge.adapters.adobe.ims_token import Token, request_token
from bridge.adapters.adobe.token_record import Refusal, refusal_of
from bridge.adapters.http.retry_budget import RetryBudget
from bridge.errors import AdobeError, InvalidCredentialsError

if TYPE_CHECKING:
    from bridge.adapters.http.connections import Connections
    from bridge.ports.process import Clock


class RefusedError(Exception):
    """No token was issued.

    Attributes:
        error: of the request or of the credentials.
        refusal: the same for other functions.
    """

    def __init__(self, error: AdobeError | InvalidCredentialsError, refusal: Refusal) -> None:
        super().__init__(refusal.reason)
        self.error = error
        self.refusal = refusal


class TokenIssuer:
    """Requests tokens; see `ImsTokens` for the arguments."""

    def __init__(
        self,
        connections: "Connections",
        ims_url: str,
        credentials: Callable[[], AdobeCredentials],
        *,
        now: "Clock",
        retry_budget: RetryBudget,
        attempts: int,
    ) -> None:
        self._connections = connections
        self._url = ims_url
        self._read_credentials = credentials
        self._now = now
        self._retry_budget = retry_budget
        self._attempts = attempts

    def issue(self) -> Token:
        """Request a token; if IMS rejects the credentials, with ones that have changed since.

        Raises:
            RefusedError: there is no token for now.
            UnavailableError: the credentials cannot be read.
        """
        digest = ""
        try:
            credentials = self._read_credentials()
            digest = digest_of(credentials)
            try:
                return self._request(credentials)
            except AdobeError as exc:
                changed = credentials if exc.retryable else self._read_credentials()
                if changed == credentials:
                    raise
                digest = digest_of(changed)
                return self._request(changed)
        except (AdobeError, InvalidCredentialsError) as exc:
            raise RefusedError(exc, refusal_of(exc, digest, self._now())) from exc

    def refuses_still(self, refusal: Refusal) -> bool:
        """Whether the rejected credentials have not changed. Raises UnavailableError."""
        if refusal.credentials is None:
            return True
        try:
            return digest_of(self._read_credentials()) == refusal.credentials
        except InvalidCredentialsError as exc:
            return exc.digest == refusal.credentials

    def _request(self, credentials: AdobeCredentials) -> Token:
        form = {
            "grant_type": "client_credentials",
            "client_id": credentials.client_id,
            "client_secret": credentials.client_secret,
            "scope": credentials.scopes,
        }
        return request_token(
            self._connections,
            self._url,
            form,
            retry_budget=self._retry_budget,
            now=self._now,
            attempts=self._attempts,
        )
