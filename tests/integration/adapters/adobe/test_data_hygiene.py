"""Expirations of datasets on a socket."""

from datetime import UTC, datetime

import pytest

from adobe_emulator.emulator import Adobe
from adobe_emulator.faults import AnswerWith, Fault
from adobe_emulator.settings import DATASET_ID, EVENTS_DATASET_ID, Tenant
from bridge.adapters.adobe.data_hygiene import AdobeDataHygiene
from bridge.adapters.adobe.platform import AdobePlatform
from bridge.ports.adobe import Expiration
from tests.support.technical_account import credentials_of, platform_at

TENANT = Tenant()
CREDENTIALS = credentials_of(TENANT)


@pytest.fixture
def platform(adobe: Adobe) -> AdobePlatform:
    return platform_at(adobe, CREDENTIALS)


def test_expirations_are_read_over_all_pages(adobe: Adobe, platform: AdobePlatform) -> None:
    for number in range(101):
        status = "executing" if number == 100 else "pending"
        adobe.datasets.expire(DATASET_ID, status, f"2027-01-01T00:00:{number % 60:02}Z")
    adobe.datasets.expire(EVENTS_DATASET_ID, "completed", "2026-01-01T00:00:00Z")

    expirations = AdobeDataHygiene(platform).open()
    assert expirations == {
        DATASET_ID: Expiration("executing", datetime(2027, 1, 1, 0, 0, 40, tzinfo=UTC))
    }


@pytest.mark.parametrize("body", ["[]", '{"results": 5}', '{"results": [5, {"datasetId": "1"}]}'])
def test_expirations_of_another_form_are_ignored(
    adobe: Adobe, platform: AdobePlatform, body: str
) -> None:
    effect = AnswerWith(200, {"content-type": "application/json"}, body)
    adobe.faults.add(Fault(None, "GET", effect=effect))

    assert AdobeDataHygiene(platform).open() == {}


def test_service_without_expirations_has_none(adobe: Adobe, platform: AdobePlatform) -> None:
    adobe.faults.add(Fault(None, "GET", effect=AnswerWith(404)))

    assert AdobeDataHygiene(platform).open() == {}
