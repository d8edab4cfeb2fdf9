"""A response to CloudFormation is within its limits, whatever it contains."""

import json
from typing import Any

import requests
from hypothesis import given
from hypothesis import strategies as st

from bridge.adapters.aws.custom_resource_response import CloudFormation
from bridge.custom_resources.request import Outcome
from tests.support.declarations import connection, event

# Includes half of a surrogate pair, and characters that JSON escapes with six characters.
TEXTS = st.text(st.characters(), max_size=6_000)
JUNK = st.none() | st.integers() | TEXTS | st.lists(TEXTS, max_size=1)


class Session(requests.Session):
    """Records every response."""

    def __init__(self) -> None:
        super().__init__()
        self.content = b""

    def put(self, url: str | bytes, data: Any = None, **_: Any) -> requests.Response:
        self.content = data
        answer = requests.Response()
        answer.status_code = 200
        return answer


def put(sent: dict[str, Any], outcome: Outcome) -> dict[str, Any]:
    session = Session()
    environ = {"AWS_ENDPOINT_URL": "http://localhost:1"}
    url = "http://localhost:1/answer"
    answer = CloudFormation(session, lambda _: None, environ).respond(
        {**sent, "ResponseURL": url}, "stream", lambda: outcome, lambda: "intended"
    )
    assert len(session.content) < 4_096
    assert json.loads(session.content) == answer
    json.dumps(answer, ensure_ascii=False).encode()
    return answer


@given(TEXTS, TEXTS, st.dictionaries(TEXTS, TEXTS, max_size=3))
def test_any_outcome_gets_a_response(physical_id: str, reason: str, data: dict[str, str]) -> None:
    answer = put(event("Create", connection()), Outcome(physical_id, data, reason))

    assert answer["Status"] == "SUCCESS" or answer["Data"] == {}
    assert len(answer["PhysicalResourceId"].encode()) <= 1_024


@given(st.dictionaries(st.sampled_from(sorted(event("Update", {}, "x"))), JUNK))
def test_any_event_gets_a_response(junk: dict[str, Any]) -> None:
    answer = put({**event("Update", connection(), "id"), **junk}, Outcome("id", {}))

    assert answer["Status"] in {"SUCCESS", "FAILED"}


def test_response_has_the_ids_of_the_request() -> None:
    sent = event("Update", connection(), "id")

    answer = put(sent, Outcome("id", {"Name": "orders"}, "é"))

    assert answer == {
        "Status": "SUCCESS",
        "Reason": "é",
        "PhysicalResourceId": "id",
        "Data": {"Name": "orders"},
        **{name: sent[name] for name in ("StackId", "RequestId", "LogicalResourceId")},
    }
