"""Tests of the search for patterns that take time which doubles with each character."""

import pytest

from bridge.messages.backtracking import may_double
from bridge.messages.xdm_check import XdmCheck


@pytest.mark.parametrize(
    "pattern",
    [
        r"^(a+)+$",
        r"(a*)*b",
        r"^(a+?)+?$",
        r"^(\w+\s?)*$",
        r"(.*,)*x",
        r"^([a-zA-Z0-9]+)*@",
        r"^(([a-z])+.)+[A-Z]([a-z])+$",
        r"(a|b+)*c",
        r"(?:x|(?:y+z?))+$",
        r"^(a{1,50}){1,50}$",
        r"(\w+_)*$",
        r"([^,]+,?)+$",
        r"((a+)?)+$",
        r"(?=(a+)+$)a",
        r"(?>(a+)+$)a",
        r"((a+)+$)++",
        r"(é+)+$",
        r"([^a]\W+)*$",
    ],
)
def test_repetition_of_a_repetition_is_found(pattern: str) -> None:
    assert may_double(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        r"",
        r"^a+$",
        r"^.*$",
        r"^(\d+-)*\d+$",
        r"^([\w-]+\.)+[a-z]{2,}$",
        r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$",
        r"^(\d{1,3}\.){3}\d{1,3}$",
        r"(?:[A-Za-z0-9._~:-]|%[0-9A-Fa-f]{2})*",
        r"^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[a-z]+$",
        r"^(a++)+$",
        r"(?>a+)*",
        r"^(foo|bar)+$",
        r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        r"^(?=.*\d)[a-z]+$",
        r"^([A-Z]{2})+$",
        r"([A-Z]{2}-[A-Z0-9]{1,3}|)",
        r"^(\S+ )*$",
        r"^(\w+\W)*$",
        r"(",
        r"a{99999999999}",
    ],
)
def test_repetitions_that_are_separated_are_not_found(pattern: str) -> None:
    assert not may_double(pattern)


@pytest.mark.parametrize(("pattern", "fault"), [(r"^(b+)+$", ""), (r"^b+$", "pattern at text")])
def test_such_a_pattern_of_an_xdm_schema_is_left_to_adobe(pattern: str, fault: str) -> None:
    check = XdmCheck({"properties": {"text": {"type": "string", "pattern": pattern}}})

    assert check.findings({"text": "a"}) == (fault, ())


@pytest.mark.parametrize(("length", "fault"), [(1_000, "pattern at text"), (1_001, "")])
def test_long_text_is_left_to_adobe(length: int, fault: str) -> None:
    check = XdmCheck({"properties": {"text": {"type": "string", "pattern": ".+@.+"}}})

    assert check.findings({"text": "a" * length}) == (fault, ())
