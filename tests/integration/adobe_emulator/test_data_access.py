"""What the emulated Data Access says about the failed records of a batch."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests

from adobe_emulator.clock import Clock
from adobe_emulator.emulator import Adobe
from adobe_emulator.faults import AnswerWith, Fault, Service, Truncate
from adobe_emulator.server import serving
from adobe_emulator.settings import EVENTS_DATASET_ID, Behavior, FailedRecordForm
from tests.integration.adobe_emulator.conftest import NOW
from tests.support.adobe_client import Client
from tests.support.lake_client import EVENT, LakeClient

INVALID = {**EVENT, "_id": "b", "timestamp": "2018-00-10T22:07:56Z"}


@pytest.fixture(scope="module")
def served() -> Iterator[Adobe]:
    behavior = Behavior(settle=timedelta(0), records_per_file=2)
    with serving(behavior, clock=Clock(lambda: NOW)) as adobe:
        yield adobe


def failed_batch(lake: LakeClient, number: int = 1) -> str:
    lake.send(*[{**INVALID, "_id": str(each)} for each in range(number)])
    return str(lake.complete()[0]["id"])


def test_failed_record_has_the_message_what_was_added_and_the_reason(lake: LakeClient) -> None:
    [valid, invalid] = lake.send(EVENT, INVALID)
    [batch] = lake.complete()
    [record] = lake.failed_records(batch["id"])
    header = record["header"]

    assert record["body"] == lake.message(INVALID)["body"]
    assert lake.message(INVALID)["header"].items() <= header.items()
    assert header["xactionId"] == header["msgId"] == invalid != valid
    assert header["originalTimestamp"] == lake.client.adobe.ledger.lost[0].message.received_ms
    assert header["source"] == {"name": "events"}
    assert header["_dcsMeta"]["inletId"] == lake.chain().inlet_id
    assert header["_dcsMeta"]["authenticatedRequest"] is False
    assert (header["msgVersion"], header["sandboxName"]) == ("1.0", "dev")
    [cause] = record["_errors"]["_streamingValidation"]
    assert cause.pop("message").startswith("[2018-00-10T22:07:56Z] is not a valid date-time.")
    assert cause == {
        "schemaLocation": "#/properties/timestamp",
        "pointerToViolation": "#/timestamp",
        "causingExceptions": [],
        "keyword": "format",
    }


def test_missing_source_name_is_a_failed_record(lake: LakeClient) -> None:
    message = lake.message(EVENT)
    message["header"]["source"] = {}
    assert lake.client.send(lake.chain().inlet_url, message).status_code == 200
    [batch] = lake.complete()
    [record] = lake.failed_records(batch["id"])

    reason = [{"message": "Payload header is missing Source Name"}]
    assert record["_errors"] == {"_streamingValidation": reason}
    assert record["header"]["xactionId"]


@pytest.mark.parametrize("form", FailedRecordForm)
def test_failed_records_have_the_forms_that_are_known(form: FailedRecordForm) -> None:
    behavior = Behavior(settle=timedelta(0), failed_record_form=form)
    with serving(behavior, clock=Clock(lambda: NOW)) as adobe, requests.Session() as session:
        lake = LakeClient(Client(adobe, session))
        [record] = lake.failed_records(failed_batch(lake))

    match form:
        case FailedRecordForm.ERRORS:
            assert record["_errors"]["_streamingValidation"][0]["keyword"] == "format"
        case FailedRecordForm.VALIDATION_ERRORS:
            assert record["_validationErrors"][0]["pointerToViolation"] == "#/timestamp"
            assert "_errors" not in record
        case FailedRecordForm.TEXT:
            assert json.loads(record["header"])["xactionId"]
            assert json.loads(record["_errors"])["_streamingValidation"]
            assert json.loads(record["body"])["xdmEntity"]


def test_files_are_listed_with_their_length_and_read_by_name(lake: LakeClient) -> None:
    batch_id = failed_batch(lake, 5)
    listed = lake.client.platform("GET", f"/export/batches/{batch_id}/failed").json()
    first, *parts = listed["data"]

    assert (first["name"], first["length"]) == ("_SUCCESS", "0")
    assert listed["_page"] == {"limit": 100, "count": 4}
    assert [part["name"].split("-")[1] for part in parts] == ["00000", "00001", "00002"]
    for part in parts:
        url = part["_links"]["self"]["href"]
        answer = requests.get(url, headers=lake.client.headers(), timeout=5)
        assert part["length"] == str(len(answer.content))
    assert [len(lake.lines(batch_id, part["name"])) for part in parts] == [2, 2, 1]
    page = lake.client.platform("GET", f"/export/batches/{batch_id}/failed?start=2&limit=1").json()
    assert page == {"data": [parts[1]], "_page": {"limit": 1, "count": 1}}


def test_batch_that_is_not_complete_has_no_failed_records(lake: LakeClient) -> None:
    lake.send(INVALID)
    [batch] = lake.batches()

    assert lake.failed_records(batch["id"]) == []


def test_diagnostics_are_kept_for_30_days(lake: LakeClient) -> None:
    batch_id = failed_batch(lake)
    path = f"/export/batches/{batch_id}/failed"
    lake.advance(timedelta(days=30))
    kept = lake.client.platform("GET", path)
    lake.advance(timedelta(milliseconds=1))

    assert kept.status_code == 200
    assert lake.client.platform("GET", path).status_code == 404
    assert lake.batches()[0]["metrics"]["failedRecordCount"] == 1


def test_row_errors_are_listed_and_read(lake: LakeClient) -> None:
    batch_id = failed_batch(lake)
    path = f"/export/batches/{batch_id}/meta?path=row_errors"
    [listed] = lake.client.platform("GET", path).json()["data"]
    answer = lake.client.platform("GET", f"{path}%2F{listed['name']}")
    [error] = json.loads(answer.text)["_errors"]

    assert listed["_links"]["self"]["href"].endswith(f"meta?path=row_errors%2F{listed['name']}")
    assert listed["length"] == str(len(answer.content))
    assert error["code"] == "DCVS-1105-400"
    assert "is not a valid date-time" in error["message"]


def test_uploaded_records_of_another_producer_have_no_header(lake: LakeClient) -> None:
    lake.foreign([EVENT, {"_id": "b"}], upload=True)
    [batch] = lake.batches()
    [record] = lake.failed_records(batch["id"])
    path = f"/export/batches/{batch['id']}/meta?path=row_errors"
    [listed] = lake.client.platform("GET", path).json()["data"]
    row = lake.client.platform("GET", f"{path}/{listed['name']}").json()

    assert batch["status"] == "success"
    assert [each.get("recordCount") for each in batch["errors"]] == [None, 1]
    assert "header" not in record
    assert listed["name"] == row["_filename"] == "parsing_errors_0.json"
    assert row["_errors"][0]["code"] == "1401"


def test_streamed_records_of_another_producer_have_another_header(lake: LakeClient) -> None:
    lake.foreign([{"_id": "b"}])
    [batch] = lake.complete()
    [record] = lake.failed_records(batch["id"])

    assert "flowId" not in record["header"]
    assert record["header"]["xactionId"]
    assert record["header"]["source"] == {"name": "AEP Web SDK"}


def test_planned_failure_is_a_failed_record_with_its_reason(lake: LakeClient) -> None:
    lake.control("lake/failures", {"marker": "unlucky", "message": "no mapping", "times": 1})
    lake.send({**EVENT, "eventType": "unlucky"}, {**EVENT, "eventType": "unlucky"})
    [batch] = lake.complete()
    [record] = lake.failed_records(batch["id"])

    assert record["_errors"] == {"_streamingValidation": [{"message": "no mapping"}]}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("unknown/failed", 404),
        ("{id}/failed?path=unknown", 404),
        ("{id}/failed?limit=101", 400),
        ("{id}/failed?file=_SUCCESS", 400),
        ("{id}/meta", 400),
        ("{id}/meta?path=row_errors/unknown", 404),
    ],
)
def test_request_that_is_not_right_is_refused(lake: LakeClient, path: str, status: int) -> None:
    batch_id = failed_batch(lake)
    answer = lake.client.platform("GET", f"/export/batches/{path.format(id=batch_id)}")

    assert answer.status_code == status


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_services_can_fail(lake: LakeClient, status: int) -> None:
    batch_id = failed_batch(lake)
    effect = AnswerWith(status, {"Retry-After": "7"})
    lake.client.adobe.faults.add(Fault(service=Service.CATALOG, effect=effect))
    lake.client.adobe.faults.add(Fault(service=Service.DATA_ACCESS, effect=effect))
    catalog = lake.client.platform("GET", f"/catalog/batches?dataSet={EVENTS_DATASET_ID}")
    files = lake.client.platform("GET", f"/export/batches/{batch_id}/failed")

    assert [each.status_code for each in (catalog, files)] == [status, status]
    assert files.headers["Retry-After"] == "7"
    assert len(lake.failed_records(batch_id)) == 1


def test_file_can_be_truncated(lake: LakeClient) -> None:
    batch_id = failed_batch(lake)
    whole = lake.client.platform("GET", f"/export/batches/{batch_id}/failed").json()
    name = whole["data"][1]["name"]
    fault: dict[str, Any] = {"service": Service.DATA_ACCESS, "query": "path=part-*"}
    lake.client.adobe.faults.add(Fault(**fault, effect=Truncate(40)))
    lake.client.adobe.faults.add(Fault(**fault, effect=Truncate(40, declared=False)))

    assert lake.client.platform("GET", f"/export/batches/{batch_id}/failed").json() == whole
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        lake.lines(batch_id, name)
    [line] = lake.lines(batch_id, name)
    assert len(line) == 40
    assert len(lake.failed_records(batch_id)) == 1
