"""What is logged of an unforeseen exception."""

import pytest

from bridge.telemetry import where


def test_the_place_of_an_exception_is_told_without_its_message() -> None:
    """The message could quote what a sender sent."""
    with pytest.raises(KeyError) as caught:
        _ = dict[str, str]()["hunter2"]
    place = where(caught.value)

    assert "test_telemetry.py:" in place
    assert "hunter2" not in place


def test_an_exception_that_was_never_raised_has_no_place() -> None:
    """There is nothing to look at."""
    assert where(ValueError()) == "unknown"
