"""Values that authenticate a sender are not shown, whatever their names."""

import pytest

from inlet_bridge.inspector.redaction.credentials import is_secret


@pytest.mark.parametrize(
    "name",
    [
        *("authorization", "proxy-authorization", "cookie", "set-cookie", "x-csrf-token"),
        *("x-api-key", "apikey", "api_key", "app-key", "x-key", "key", "user-key"),
        *("access_key", "Ocp-Apim-Subscription-Key", "x-functions-key", "x-shared-key"),
        *("private_key", "signingKey", "client-key", "client_secret", "x-account-key"),
        *("x-session-id", "sessionid", "jwt", "x-goog-iap-jwt-assertion", "bearer"),
        *("pass", "pwd", "password1", "passphrase", "passcode"),
        *("sig", "x-hub-signature-256", "X-Signature", "x-amz-security-token"),
    ],
)
def test_names_of_credentials_are_known(name: str) -> None:
    assert is_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        *("idempotency-key", "x-event-key", "key_id", "keyword", "x-kind", "event", "page"),
        *("passenger", "design", "signal", "bypass-cache", "x-github-event", "content-type"),
    ],
)
def test_other_names_are_shown(name: str) -> None:
    assert not is_secret(name)
