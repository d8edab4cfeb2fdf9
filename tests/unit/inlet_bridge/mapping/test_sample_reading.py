"""Tests of reading samples as editors and shells write them."""

from pathlib import Path

import pytest

from inlet_bridge.mapping.errors import PreviewError
from inlet_bridge.mapping.sample_reading import read_sample, sample_in

WRAPPED = b'{"headers": {"X-Event": "paid"}, "body": {"id": 1}}'


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_headers_are_read_after_a_byte_order_mark(mark: bytes) -> None:
    assert sample_in(mark + WRAPPED, "it") == ({"x-event": "paid"}, b'{"id":1}', "")


def test_body_keeps_its_byte_order_mark() -> None:
    """The receiver skips it, as it does that of a sender."""
    body = b'\xef\xbb\xbf{"id": 1}'

    assert sample_in(body, "it") == ({}, body, "")


def test_body_that_is_no_text_of_utf_8_is_named() -> None:
    with pytest.raises(PreviewError, match="it: body has half of a surrogate pair"):
        sample_in(b'{"headers": {}, "body": "\\ud800"}', "it")


def test_endless_file_is_not_read_to_its_end() -> None:
    with pytest.raises(PreviewError, match="/dev/zero is larger than a webhook"):
        read_sample(Path("/dev/zero"))
