"""The stand-in answers as the real ones do."""

import json

from benchmarks.responses import XACTION_ID, answer
from bridge.delivery.outcomes import Delivered
from bridge.inlet.responses import read_batch, read_single
from bridge.ports.adobe import InletResponse
from tests.support.fakes import NOON


def test_parameters_that_exist_are_given_and_others_are_named() -> None:
    content = json.dumps({"Names": ["/a", "/b"]}).encode()
    _, _, found = answer("/", "AmazonSSM.GetParameters", content, {"/a": "value"})

    document = json.loads(found)
    assert [(one["Name"], one["Value"]) for one in document["Parameters"]] == [("/a", "value")]
    assert document["InvalidParameters"] == ["/b"]


def test_message_that_is_sent_alone_is_taken() -> None:
    status, _, content = answer("/collection/aa", "", b"{}", {})

    assert read_single(InletResponse(status, {}, content), NOON) == Delivered(XACTION_ID)


def test_every_message_of_a_batch_is_taken() -> None:
    messages = b'{"messages":[{"body":{"xdmEntity":{}}},{"body":{"xdmEntity":{}}}]}'
    status, _, content = answer("/collection/batch/aa", "", messages, {})
    outcomes = read_batch(InletResponse(status, {}, content), 2, NOON)

    assert outcomes == [Delivered(f"{XACTION_ID}:0"), Delivered(f"{XACTION_ID}:1")]


def test_unknown_path_is_not_found() -> None:
    assert answer("/elsewhere", "", b"", {})[0] == 404


def test_no_delivery_is_recorded_yet() -> None:
    document = json.loads(answer("/", "DynamoDB_20120810.BatchGetItem", b"{}", {})[2])

    assert document == {"Responses": {}, "UnprocessedKeys": {}}
