"""Tests of batching."""

from hypothesis import given
from hypothesis import strategies as st

from bridge.inlet.batching import MAX_BATCH_BYTES, MAX_BATCH_MESSAGES, pack


@given(st.lists(st.integers(0, 1_000_000), max_size=600))
def test_every_batch_fits_and_nothing_is_lost_or_moved(sizes: list[int]) -> None:
    """By bytes and by count; what is too large for a batch comes alone."""
    batches = list(pack(sizes, lambda size: size))

    assert [size for batch in batches for size in batch] == sizes
    for batch in batches:
        assert 0 < len(batch) <= MAX_BATCH_MESSAGES
        assert sum(batch) + len(batch) <= MAX_BATCH_BYTES or len(batch) == 1


def test_full_batch_is_filled() -> None:
    """No batch is begun while the former has room."""
    assert [len(batch) for batch in pack([1] * 450, lambda size: size)] == [200, 200, 50]
