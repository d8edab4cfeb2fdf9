"""What is planted is found where it was written."""

from base64 import b64encode

import pytest

from tests.support.leak_detection import PLANTED, leaks


@pytest.mark.parametrize("word", PLANTED)
def test_planted_word_is_found_in_its_line(word: str) -> None:
    assert [*leaks(["fine\n", f"fine\nwhsec_{word}-1\n"])] == [f"whsec_{word}-1"]


@pytest.mark.parametrize("word", PLANTED)
@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_base64_hides_nothing(word: str, before: str) -> None:
    line = b64encode(f"{before}{word} and more".encode()).decode()

    assert [*leaks([line])] == [line]


def test_text_without_a_leak_passes() -> None:
    assert [*leaks(['{"message":"delivered","delivery_id":"planted-1"}'])] == []


def test_logs_of_the_emulated_aws_are_ignored() -> None:
    assert [*leaks(["DEBUG responses:__init__.py:1 CANARY"])] == []
