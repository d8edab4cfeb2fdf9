"""Tests of the check of credentials, beside a shared token."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bridge.adapters.adobe.ims_token import Token
from bridge.adapters.adobe.token_check import check_token
from bridge.adapters.adobe.token_record import Refusal, TokenRecord
from bridge.errors import AdobeError
from tests.support.fakes import NOON

SHARED = Token("shared", NOON, NOON + timedelta(days=1))
REFUSED = Refusal("refused a while ago", NOON, NOON + timedelta(seconds=60), "digest", 400)


@pytest.mark.parametrize(
    ("seconds", "same", "asked"), [(59, True, 0), (60, True, 1), (1, False, 1)]
)
def test_rejected_credentials_are_tried_once_a_minute(
    *, seconds: int, same: bool, asked: int
) -> None:
    issued: list[Token] = []
    issuer: Any = SimpleNamespace(issue=lambda: issued.append(SHARED), refuses_still=lambda _: same)
    store: Any = SimpleNamespace(read=lambda: TokenRecord(SHARED, REFUSED).to_text())

    def check() -> None:
        check_token(issuer, store, lambda: NOON + timedelta(seconds=seconds))

    if asked:
        check()
    else:
        with pytest.raises(AdobeError, match="refused a while ago"):
            check()
    assert len(issued) == asked
