"""Ids in the formats of the real service."""

import re

from hypothesis import given
from hypothesis import strategies as st

from adobe_emulator.identifiers import Identifiers


@given(st.integers())
def test_ids_have_the_formats_of_the_service(seed: int) -> None:
    ids = Identifiers(seed)

    assert re.fullmatch(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", ids.uuid())
    assert re.fullmatch(r"[0-9a-f]{64}", ids.inlet())
    assert re.fullmatch(r"[0-9a-f]{32}", ids.mapping_set())
    assert re.fullmatch(r'"[0-9a-f]{8}-0000-0200-0000-[0-9a-f]{12}"', ids.etag())
    assert re.fullmatch(r"1584479347507:\d{4}:\d+", ids.transaction(1584479347507))


def test_same_seed_gives_the_same_ids() -> None:
    first, second, other = (Identifiers(seed).uuid() for seed in (1, 1, 2))

    assert first == second != other


def test_no_two_transactions_are_equal() -> None:
    ids = Identifiers(0)

    assert len({ids.transaction(1) for _ in range(500)}) == 500
