"""Tests of the location of an exception."""

import pytest

from bridge.telemetry import where


def test_location_of_an_exception_excludes_its_message() -> None:
    """The message could quote what a sender sent."""
    with pytest.raises(KeyError) as caught:
        _ = dict[str, str]()["hunter2"]
    location = where(caught.value)

    assert "test_telemetry.py:" in location
    assert "hunter2" not in location


def test_exception_that_was_not_raised_has_no_location() -> None:
    """There is nothing to look at."""
    assert where(ValueError()) == "unknown"
