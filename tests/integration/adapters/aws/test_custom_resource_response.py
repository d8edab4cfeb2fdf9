"""CloudFormation gets a response in every case."""

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from bridge.adapters.aws.custom_resource_response import CloudFormation, service_timeout
from bridge.custom_resources.request import Outcome
from bridge.errors import UnavailableError
from bridge.provisioning.custom_resource import CustomResourceRequest
from tests.support.declarations import connection, event, flow
from tests.support.listener import Listener, listening
from tests.support.provisioning_bench import Bench

ORDERS = "inlet-bridge/test/connections/orders/xdm-authenticated.a9d939324a"


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as listener:
        yield listener


def answer(
    listener: Listener, sent: dict[str, Any], bench: Bench, slept: list[float] | None = None
) -> dict[str, Any]:
    pauses: list[float] = [] if slept is None else slept
    environ = {"AWS_ENDPOINT_URL": listener.endpoint}
    cloudformation = CloudFormation(requests.Session(), pauses.append, environ)
    return cloudformation.respond(
        {**sent, "ResponseURL": listener.url},
        "2026/11/24/[1]abc",
        lambda: CustomResourceRequest(sent, "test").serve(bench.provisioner()),
        CustomResourceRequest(sent, "test").intended_id,
    )


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """What the bridge logged; urllib3 says more, at a level that no function runs at."""
    ours = (record for record in caplog.records if not record.name.startswith("urllib3"))
    return " ".join(str(vars(record)) for record in ours)


def test_success_has_the_attributes_and_an_empty_content_type(listener: Listener) -> None:
    bench = Bench()
    answer(listener, event("Create", connection()), bench)

    (put,) = listener.answers
    assert listener.headers[0]["content-type"] == ""
    assert put["Status"] == "SUCCESS"
    assert put["PhysicalResourceId"] == ORDERS
    assert put["Data"]["FlowId"] == bench.below("orders")["flows/orders/flow_id"]
    assert {name: put[name] for name in ("StackId", "RequestId", "LogicalResourceId")} == {
        name: event("Create", {})[name] for name in ("StackId", "RequestId", "LogicalResourceId")
    }


def test_invalid_property_fails_in_one_sentence_and_creates_nothing(listener: Listener) -> None:
    bench = Bench()
    answer(listener, event("Create", connection(flow(dataset="x"))), bench)

    (put,) = listener.answers
    assert put["Status"] == "FAILED"
    assert put["Reason"] == "Flows.0.DatasetId: must be a dataset id (24 hex digits)"
    assert put["PhysicalResourceId"] == "refused/OrdersConnection"
    assert bench.adobe.calls == []


def test_failed_update_returns_its_own_id(listener: Listener) -> None:
    bench = Bench()
    answer(listener, event("Update", connection(Name="NO"), ORDERS), bench)

    assert listener.answers[0]["PhysicalResourceId"] == ORDERS


def test_internal_error_returns_a_response_without_details(
    listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    bench = Bench()
    bench.set_cut(20, error=RuntimeError("TOPSECRET"))
    with caplog.at_level(logging.DEBUG):
        answer(listener, event("Create", connection()), bench)

    (put,) = listener.answers
    assert put["Status"] == "FAILED"
    # With the location, since the rollback of a creation deletes the log.
    assert re.fullmatch(
        r"internal error: RuntimeError at \S+\.py:\d+, see log stream 2026/11/24/\[1\]abc",
        put["Reason"],
    )
    assert put["PhysicalResourceId"] == ORDERS
    assert "TOPSECRET" not in logged(caplog)
    assert "RuntimeError" in logged(caplog)


def test_failed_composition_of_the_provisioner_returns_a_response(listener: Listener) -> None:
    def broken() -> Outcome:
        raise UnavailableError("the environment variable STAGE is not set")

    sent = {**event("Create", connection()), "ResponseURL": listener.url}
    environ = {"AWS_ENDPOINT_URL": listener.endpoint}
    CloudFormation(requests.Session(), lambda _: None, environ).respond(
        sent, "stream", broken, CustomResourceRequest(sent, "").intended_id
    )

    (put,) = listener.answers
    assert put["Status"] == "FAILED"
    assert put["Reason"] == "the environment variable STAGE is not set"
    assert put["PhysicalResourceId"] == "refused/OrdersConnection"


def test_long_reason_is_truncated(listener: Listener) -> None:
    bench = Bench()
    bench.set_cut(20, error=UnavailableError("é" * 5_000))
    answer(listener, event("Create", connection()), bench)

    assert listener.answers[0]["Reason"] == "é" * 500
    assert int(listener.headers[0]["content-length"]) <= 4_096


def test_rejected_response_is_sent_again(listener: Listener) -> None:
    listener.statuses += [503, 500]
    slept: list[float] = []
    answer(listener, event("Create", connection()), Bench(), slept)

    assert len(listener.answers) == 3
    assert slept == [1.0, 1.0]


def test_invocation_fails_for_a_retry_if_no_response_is_accepted(
    listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    listener.statuses += [403, 403, 403]
    with caplog.at_level(logging.DEBUG), pytest.raises(UnavailableError, match="403") as caught:
        answer(listener, event("Create", connection()), Bench())
    assert "TOPSECRET" not in str(caught.value)
    assert "TOPSECRET" not in logged(caplog)


@pytest.mark.parametrize(
    ("given", "seconds"), [("120", 120), (None, 3_600), ("soon", 3_600), ({"a": 1}, 3_600)]
)
def test_service_timeout_of_the_properties_is_used(given: object, seconds: float) -> None:
    properties = {} if given is None else {"ServiceTimeout": given}

    assert service_timeout(event("Create", properties)) == seconds


def test_service_timeout_is_an_hour_without_properties() -> None:
    assert service_timeout({"ResourceProperties": "soon"}) == 3_600
    assert service_timeout({}) == 3_600
