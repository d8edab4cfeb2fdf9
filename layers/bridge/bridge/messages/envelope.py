"""Build the inlet's messages around the bytes of the body.

An `xdm` message is an envelope (header with schemaRef, imsOrgId, datasetId, flowId and source;
body with xdmMeta and xdmEntity) whose entity is the webhook's body. A `raw` message is the body
itself; within a batch it needs a header too, since the inlet refuses bare JSON there ("The
'header' field is mandatory"). Facts: Adobe's streaming ingestion tutorials and reference.
"""

import json
from collections.abc import Iterable
from functools import lru_cache

from bridge.errors import BodyTooLargeError, UnsupportedBodyError
from bridge.sources.connection import Connection, Flow
from bridge.strict_json import read_body

# A request to the inlet may hold 1 MB; whether that is 10^6 or 2^20 bytes is undocumented.
MAX_MESSAGE_BYTES = 1_000_000
_CONTENT_TYPE = "application/vnd.adobe.xed-full+json;version=1"


def single_message(connection: Connection, flow: Flow, body: bytes) -> bytes:
    """Return the content of a request with one message."""
    if connection.data_type == "raw":
        return body
    before, after = _xdm_envelope(connection, flow)
    return before + body + after


def batch_content(connection: Connection, flow: Flow, bodies: Iterable[bytes]) -> bytes:
    """Return the content of a request with one or more messages.

    Bodies are copied once: each copy of 800 kB costs as much as forwarding ten small messages.
    """
    before, after = _item_envelope(connection, flow)
    between = after + b"," + before
    pieces = [b'{"messages":[' + before]
    for body in bodies:
        pieces += (body, between)
    pieces[-1] = after + b"]}"
    return b"".join(pieces)


@lru_cache(maxsize=256)
def envelope_bytes(connection: Connection, flow: Flow) -> int:
    """Return the size of the envelope of a message in a batch, in bytes."""
    return sum(map(len, _item_envelope(connection, flow)))


def fits(connection: Connection, flow: Flow, body: bytes) -> bool:
    """Whether the inlet accepts a message with this body, alone and in a batch."""
    return envelope_bytes(connection, flow) + len(body) <= MAX_MESSAGE_BYTES


def check_body(connection: Connection, flow: Flow, body: bytes) -> None:
    """Reject a body that can never be a message.

    Raises:
        UnsupportedBodyError: the body is not a JSON object in UTF-8.
        BodyTooLargeError: the message would be over 1 MB.
    """
    if not fits(connection, flow, body):
        raise BodyTooLargeError(f"the message would be over {MAX_MESSAGE_BYTES} bytes")
    try:
        document = read_body(body)
    except (ValueError, RecursionError):
        # `from None`: the message of the cause could quote the body.
        raise UnsupportedBodyError("the body is not JSON") from None
    if not isinstance(document, dict):
        raise UnsupportedBodyError("the body is not a JSON object")


def _item_envelope(connection: Connection, flow: Flow) -> tuple[bytes, bytes]:
    if connection.data_type == "raw":
        return _raw_envelope(connection, flow)
    return _xdm_envelope(connection, flow)


@lru_cache(maxsize=256)
def _xdm_envelope(connection: Connection, flow: Flow) -> tuple[bytes, bytes]:
    schema_ref = {"id": flow.schema_id, "contentType": _CONTENT_TYPE}
    header = {"schemaRef": schema_ref, **_header(connection, flow)}
    header["source"] = {"name": connection.source_id}
    before = f'{{"header":{_json(header)},"body":{{"xdmMeta":{_json({"schemaRef": schema_ref})},'
    return f'{before}"xdmEntity":'.encode(), b"}}"


@lru_cache(maxsize=256)
def _raw_envelope(connection: Connection, flow: Flow) -> tuple[bytes, bytes]:
    return f'{{"header":{_json(_header(connection, flow))},"body":'.encode(), b"}"


def _header(connection: Connection, flow: Flow) -> dict[str, object]:
    return {
        "imsOrgId": connection.org_id,
        "datasetId": flow.dataset_id,
        "flowId": flow.flow_id,
    }


def _json(document: object) -> str:
    return json.dumps(document, separators=(",", ":"))
