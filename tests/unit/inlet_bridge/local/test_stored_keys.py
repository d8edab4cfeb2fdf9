"""Tests of a test key in place of a key that only the provider publishes."""

from copy import replace

import pytest

from bridge.errors import InvalidSignatureError
from bridge.verification.declaration import declare_scheme
from bridge.verification.verify import needs_secrets, verify
from bridge.webhook import Webhook
from inlet_bridge.local.stored_keys import with_stored_key
from inlet_bridge.senders.providers import SENDERS
from inlet_bridge.senders.sender import Sending
from tests.support.signing_senders import BODY, CASES, NOW, URL

PUBLISHED = [name for name, sender in SENDERS.items() if sender.published is not None]


@pytest.mark.parametrize("name", PUBLISHED)
def test_signature_of_the_test_key_is_verified_with_the_stored_key(name: str) -> None:
    case, sender = CASES[name], with_stored_key(name, SENDERS[name])
    scheme = declare_scheme(name, sender.scheme, sender.constants).scheme
    request = sender.request(Sending(BODY, case.secret, NOW, URL))
    webhook = Webhook("POST", request.url, request.headers, request.body)
    altered = replace(webhook, headers={}, body=webhook.body.replace(b"paid", b"lost"))

    assert needs_secrets(scheme)
    verify(scheme, webhook, [sender.stored(case.secret)], NOW)
    for refused, key in ((webhook, case.other_secret), (altered, case.secret)):
        with pytest.raises(InvalidSignatureError):
            verify(scheme, refused, [sender.stored(key)], NOW)
