"""Each deliberate difference from a vendor's library, as docs/providers.md lists it."""

import pytest

from bridge.verification.catalogue import PRESETS
from tests.support.handled_source import handled_preset
from tests.support.library_differences import DIFFERENCES
from tests.support.signing_senders import CASES

# Not about one request.
ELSEWHERE = {("mailgun", "repetition")}


def test_every_difference_of_the_catalogue_is_tested() -> None:
    listed = {(name, word) for name, preset in PRESETS.items() for word in preset.differences}
    tested = {(name, word) for name, words in DIFFERENCES.items() for word in words}

    assert listed == tested | ELSEWHERE


@pytest.mark.parametrize(
    ("name", "word"), [(name, word) for name, words in DIFFERENCES.items() for word in words]
)
def test_difference_is_as_the_page_says(
    name: str, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    difference, genuine = DIFFERENCES[name][word], CASES[name].send()

    status = handled_preset(name, monkeypatch).send(difference.change(genuine)).status

    # A body that is no JSON object is verified first.
    assert status in ({200, 204, 415} if difference.accepted else {401})


def test_repeated_token_of_mailgun_gets_the_first_response(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    handled, webhook = handled_preset("mailgun", monkeypatch), CASES["mailgun"].send()

    assert [handled.send(webhook).status for _ in range(2)] == [200, 200]
    assert len(handled.inlet.requests) == 1
