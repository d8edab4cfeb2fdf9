"""Whether IMS gives a token to the credentials that are stored now."""

from typing import TYPE_CHECKING

from bridge.adapters.adobe.token_issuer import RefusedError, TokenIssuer
from bridge.adapters.adobe.token_record import read_record

if TYPE_CHECKING:
    from bridge.ports.adobe import TokenStore
    from bridge.ports.process import Clock


def check_token(issuer: TokenIssuer, store: "TokenStore", now: "Clock") -> None:
    """Request a token that nobody uses; the shared one, of former credentials perhaps, remains.

    IMS is not asked for credentials that it has rejected within the last minute.

    Args:
        issuer: requests tokens.
        store: of the token that the functions share.
        now: the time.

    Raises:
        AdobeError, InvalidCredentialsError, UnavailableError: there is none.
    """
    refusal = read_record(store.read()).refusal
    if refusal and refusal.credentials and now() < refusal.until and issuer.refuses_still(refusal):
        raise refusal.to_error()
    try:
        issuer.issue()
    except RefusedError as exc:
        raise exc.error from exc.error.__cause__
