"""The reason of a body that is not what its source declares names the form, and no exception."""

import pytest

from bridge.errors import UnsupportedBodyError
from bridge.messages.body_parsing import read_content
from bridge.messages.envelope import check_body
from bridge.verification.schemes import BodyForm
from tests.support import sample_webhooks as samples


@pytest.mark.parametrize(
    ("form", "body", "reason"),
    [
        ("json", b"{", "the body is not JSON"),
        ("json", b"[" * 100_000, "the body is not JSON"),
        ("ndjson", b"{}\n{", "line 2 of the body is not JSON"),
        ("xml", b"{", "the body is not XML"),
    ],
)
def test_reason_names_the_form(form: BodyForm, body: bytes, reason: str) -> None:
    with pytest.raises(UnsupportedBodyError) as caught:
        read_content(body, form)

    assert str(caught.value) == reason


def test_reason_of_an_unmapped_body_has_no_name_of_an_exception() -> None:
    connection = samples.source().connection
    with pytest.raises(UnsupportedBodyError) as caught:
        check_body(connection, samples.source().flows["events"], b"{")

    assert str(caught.value) == "the body is not JSON"
