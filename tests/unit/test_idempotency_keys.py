"""Idempotency keys of different kinds never collide, whatever the ids."""

from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from bridge.adapters.aws.delivery_items import key_item
from bridge.delivery.partitions import source_of
from bridge.idempotency_keys import (
    MAX_ID_BYTES,
    content_key,
    id_key,
    item_key,
    message_key,
    part_key,
    target_key,
)

FLOWS = st.from_regex(r"[a-z][a-z0-9-]{0,12}", fullmatch=True)
PREFIXES = ("id:", "content:", "item:", "part:0/", "target:events/", "message:", "sha256:", "/", "")
IDS = st.builds(
    "".join, st.lists(st.sampled_from(PREFIXES) | st.text(max_size=3), max_size=5)
) | st.text(min_size=MAX_ID_BYTES, max_size=MAX_ID_BYTES + 2)


@st.composite
def keys(draw: st.DrawFn) -> tuple[tuple[object, ...], str]:
    """A key, and what it is the key of."""
    text = draw(IDS)
    made: tuple[tuple[object, ...], str] = draw(
        st.sampled_from(
            [
                (("id", text), id_key(text)),
                (("content", text), content_key([text.encode(errors="surrogatepass")])),
                (("message", text), message_key(text)),
            ]
        )
    )
    for _ in range(draw(st.integers(0, 2))):
        kind, name = draw(st.sampled_from(["item", "part", "target"])), draw(IDS)
        position, flow = draw(st.integers(0, 20)), draw(FLOWS)
        match kind:
            case "item":
                made = (("item", name), item_key(name))
            case "part":
                made = (("part", position, made[0]), part_key(made[1], position))
            case _:
                made = (("target", flow, made[0]), target_key(made[1], flow))
    return made


@given(keys(), keys())
def test_keys_are_equal_only_for_the_same_kind_and_id(
    one: tuple[tuple[object, ...], str], other: tuple[tuple[object, ...], str]
) -> None:
    assert (one[0] == other[0]) == (one[1] == other[1])


@given(IDS)
@example("sha256:" + "0" * 64)
def test_id_that_looks_like_a_hash_is_hashed(text: str) -> None:
    hashed = id_key("x" * (MAX_ID_BYTES + 1)).removeprefix("id:")

    assert id_key(hashed) != id_key("x" * (MAX_ID_BYTES + 1))
    assert id_key(id_key(text).removeprefix("id:")) == id_key(text) or "sha256:" in id_key(text)


@given(st.lists(st.binary(max_size=4), max_size=4), st.lists(st.binary(max_size=4), max_size=4))
def test_moving_bytes_between_parts_changes_the_key(one: list[bytes], other: list[bytes]) -> None:
    assert (one == other) == (content_key(one) == content_key(other))


@given(keys())
def test_key_fits_into_a_sort_key(made: tuple[tuple[object, ...], str]) -> None:
    """A sort key of DynamoDB has 1,024 bytes at most, a partition key 2,048."""
    item: Any = key_item(("s" * 63, made[1]))

    assert len(item["delivery_id"]["S"].encode()) <= 1_024
    assert len(item["source"]["S"].encode()) <= 2_048
    assert source_of(item["source"]["S"]) == "s" * 63
