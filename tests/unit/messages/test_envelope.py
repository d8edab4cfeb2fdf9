"""Tests of the envelope of a message for the inlet."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import BodyTooLargeError, UnsupportedBodyError
from bridge.messages.envelope import (
    batch_content,
    check_body,
    envelope_bytes,
    single_message,
)
from tests.support import sample_webhooks as samples

json_objects = st.dictionaries(
    st.text(),
    st.recursive(
        st.none() | st.floats(allow_nan=False, allow_infinity=False) | st.text(), st.lists
    ),
)


def test_xdm_message_is_the_documented_envelope() -> None:
    """Adobe's tutorial "Stream record data", with flowId in the header."""
    content = single_message(samples.connection(), samples.flow(), samples.BODY)

    schema = {
        "id": "https://ns.adobe.com/acme/schemas/0123456789abcdef",
        "contentType": "application/vnd.adobe.xed-full+json;version=1",
    }
    assert json.loads(content) == {
        "header": {
            "schemaRef": schema,
            "imsOrgId": "1234567890@AdobeOrg",
            "datasetId": "0123456789abcdef01234567",
            "flowId": samples.FLOW_ID,
            "source": {"name": "inlet-bridge-test-webhooks"},
        },
        "body": {"xdmMeta": {"schemaRef": schema}, "xdmEntity": json.loads(samples.BODY)},
    }
    assert samples.BODY in content


def test_raw_message_is_the_body_untouched() -> None:
    """Byte for byte, spaces and all."""
    body = b' {"a" : 1}\n'

    assert single_message(samples.connection(data_type="raw"), samples.flow(), body) is body


@given(st.lists(json_objects, min_size=1, max_size=4), st.sampled_from(["xdm", "raw"]))
def test_batch_holds_every_body(bodies: list[dict[str, object]], data_type: str) -> None:
    """Whatever is in them."""
    connection = samples.connection(data_type="raw" if data_type == "raw" else "xdm")
    encoded = [json.dumps(body, ensure_ascii=False).encode("utf-8", "replace") for body in bodies]

    content = batch_content(connection, samples.flow(), encoded)

    messages = [message["body"] for message in json.loads(content)["messages"]]
    found = [message["xdmEntity"] if data_type == "xdm" else message for message in messages]
    assert found == [json.loads(body) for body in encoded]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"a"',
        b"{",
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b"\xef\xbb\xbf{}",
        b"\xff",
        b'{"a":1}}',
        b'{"a":1},{"b":2}',
        b"[" * 100_000,
    ],
)
def test_body_that_is_not_a_json_object_is_rejected(body: bytes) -> None:
    """A body that closes the envelope early is none either."""
    with pytest.raises(UnsupportedBodyError):
        check_body(samples.connection(), samples.flow(), body)


def test_refusal_does_not_quote_the_body() -> None:
    """It may hold anything."""
    with pytest.raises(UnsupportedBodyError) as caught:
        check_body(samples.connection(), samples.flow(), b'{"password": hunter2}')

    assert "hunter2" not in repr(caught.value)
    assert caught.value.__cause__ is None


def test_bound_counts_the_envelope() -> None:
    """What is acknowledged fits the inlet."""
    connection, flow = samples.connection(), samples.flow()
    envelope = envelope_bytes(connection, flow)
    fits = b'{"a":"' + b"x" * (1_000_000 - envelope - 8) + b'"}'

    check_body(connection, flow, fits)
    with pytest.raises(BodyTooLargeError):
        check_body(connection, flow, fits + b" ")
