"""Tests of the search for the name that a misspelled one may mean."""

import pytest

from bridge.spelling import nearest, similar


@pytest.mark.parametrize(
    ("name", "known", "found"),
    [
        ("Url", ["Name", "URL"], "URL"),
        ("id", ["if", "ID"], "ID"),
        ("ULR", ["url", "name"], "url"),
        ("webb", ["web", "name"], "web"),
        ("x", ["web"], ""),
        ("x", [], ""),
    ],
)
def test_nearest_name_is_found_in_any_case(name: str, known: list[str], found: str) -> None:
    assert nearest(name, known) == found


def test_similarity_is_a_limit() -> None:
    assert nearest("Emaal", ["Email"], similarity=0.8) == "Email"
    assert not nearest("Emaal", ["Email"], similarity=0.9)


def test_several_similar_names_are_the_nearest_first() -> None:
    assert similar("stripes", ["strip", "stripe", "shop"]) == ["stripe", "strip"]
    assert similar("STRIPE", ["strip", "stripe"]) == ["stripe"]
    assert similar("STRIPES", ["strip", "stripe"]) == ["stripe", "strip"]
