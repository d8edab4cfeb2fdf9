"""Requests for lines stay within what CloudWatch Logs accepts."""

from datetime import UTC, datetime

import boto3
import pytest
from botocore.validate import ParamValidator

from inlet_bridge.operations.logs.lines import milliseconds, pages_of, quotable


@pytest.mark.parametrize("term", ["a" * 5_000, "a-" * 5_000, "é" + "b" * 5_000])
def test_a_term_of_any_length_fits_a_pattern(term: str) -> None:
    found = quotable(term)

    assert 100 < len(found) < 500
    assert found.strip('"') in term


@pytest.mark.parametrize("at", [datetime.min.replace(tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)])
def test_a_time_before_all_lines_is_one_that_can_be_asked_for(at: datetime) -> None:
    logs = boto3.client("logs", region_name="eu-central-1")
    asked = []

    class Deployed:
        class logs:  # noqa: N801 (a client)
            @staticmethod
            def get_paginator(_: str) -> "type[Deployed.logs]":
                return Deployed.logs

            @staticmethod
            def paginate(**given: object) -> list[object]:
                asked.append(given)
                return []

    list(pages_of(Deployed, "g", "", at, at))  # type: ignore[arg-type]
    shape = logs.meta.service_model.operation_model("FilterLogEvents").input_shape

    assert not ParamValidator().validate(asked[0], shape).has_errors()
    assert milliseconds(at) == 0
