"""The places where the emulated Adobe does otherwise than Adobe's OpenAPI files, with the reason.

Each test pins one mistake of a file, and fails when the file gets it right.
"""

import pytest
from jsonschema.exceptions import ValidationError

from tests.support.adobe_client import MAPPING_SET, Client, flow_body, source_body
from tests.support.adobe_openapi import (
    DATA_PREP,
    FLOW_SERVICE,
    INLET,
    ONE,
    RENAME,
    check_answer,
    check_request,
    specification,
    statuses,
    validate,
    where_they_are,
)

pytestmark = where_they_are


def test_file_is_wrong_about_dates_of_mapping_sets(client: Client) -> None:
    """It says text; the tutorial shows milliseconds."""
    answer = client.platform("POST", "/conversion/mappingSets", json=MAPPING_SET)

    with pytest.raises(ValidationError, match="is not of type 'string'"):
        check_answer(DATA_PREP, "/mappingSets", "post", answer)


def test_file_is_wrong_about_patches() -> None:
    """It has the operations in upper case and objects as values; every sample does otherwise."""
    with pytest.raises(ValidationError):
        check_request(FLOW_SERVICE, ONE["flows"], RENAME, "patch")


def test_file_is_wrong_about_patches_of_connections() -> None:
    """It has one object where the tutorial has a list, and a slash at the end of the path."""
    with pytest.raises(ValidationError, match="is not of type 'object'"):
        check_request(FLOW_SERVICE, f"{ONE['connections']}/", RENAME, "patch")


def test_file_is_wrong_about_the_data_of_a_source(client: Client) -> None:
    """It requires them; both versions of the tutorial leave them out."""
    body = source_body(client.connection())
    del body["data"]

    assert client.create("sourceConnections", body)
    with pytest.raises(ValidationError, match="'data' is a required property"):
        check_request(FLOW_SERVICE, "/sourceConnections", body)


def test_file_is_wrong_about_the_version_of_a_mapping() -> None:
    """It says text; the tutorial and aepp send a number. The emulated Adobe takes both."""
    with pytest.raises(ValidationError, match="0 is not of type 'string'"):
        check_request(FLOW_SERVICE, "/flows", flow_body("source", "target", "mapping set"))


def test_file_is_wrong_about_flow_actions() -> None:
    """It has them in upper case and asks for a `subOp`; the tutorial and aepp do neither."""
    action = specification(FLOW_SERVICE)["paths"][f"{ONE['flows']}/action"]["post"]
    parameters = {p["name"]: p for p in action["parameters"]}

    assert "ENABLE" in parameters["op"]["schema"]["enum"]
    assert parameters["subOp"]["required"] is True


def test_file_is_wrong_about_the_response_to_one_message() -> None:
    """It spells `inletID` and has 32 bits for milliseconds; its own example spells `inletId`."""
    answer = specification(INLET)["components"]["schemas"]["StreamingIngestionResponse"]

    assert "inletID" in answer["properties"]
    assert "inletId" in answer["example"]
    assert answer["properties"]["receivedTimeMs"]["format"] == "int32"


@pytest.mark.parametrize("status", [400, 404, 412])
def test_file_leaves_out_errors_of_the_catalogue(status: int) -> None:
    """The error catalogue has them, so the emulated Flow Service answers with them."""
    assert status not in statuses(FLOW_SERVICE, ONE["connections"], "get")


def test_mapping_that_is_valid_has_null_for_errors() -> None:
    """The example in the file and the guide say null, the schema of the file wants a list."""
    answer = statuses(DATA_PREP, "/mappingSets/validate", "post")[200]
    example = answer["content"]["application/json"]["example"]

    assert example["validationResponse"][0]["errors"] is None
    with pytest.raises(ValidationError):
        validate(DATA_PREP, answer, example)
