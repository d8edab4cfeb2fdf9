"""Tests of the privacy rules."""

import hashlib
import json
from copy import deepcopy

from hypothesis import given
from hypothesis import strategies as st

from bridge.messages.privacy import MASK, redacted
from bridge.sources.route import Privacy

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("abc"), inner),
)
paths = st.lists(st.sampled_from(["a", "b", "c", "*", "0"]), min_size=1).map(".".join)


def test_named_fields_are_dropped_masked_or_hashed() -> None:
    document = {
        "customer": {"email": "jane@example.com", "phone": "555", "name": "Jane"},
        "items": [{"card": "4111", "sku": "a"}, {"card": "4222"}],
    }

    privacy = Privacy(drop=("items.*.card",), mask=("customer.phone",), hash=("customer.email",))

    assert redacted(document, privacy) == {
        "customer": {
            "email": hashlib.sha256(b"jane@example.com").hexdigest(),
            "phone": MASK,
            "name": "Jane",
        },
        "items": [{"sku": "a"}, {}],
    }


def test_items_of_a_list_go_away_together() -> None:
    assert redacted({"a": [1, 2, 3]}, Privacy(drop=("a.*",))) == {"a": []}


def test_null_and_missing_fields_are_unchanged() -> None:
    privacy = Privacy(drop=("x.y",), mask=("a", "b.c"), hash=("a", "7.d"))

    assert redacted({"a": None, "b": 1}, privacy) == {"a": None, "b": 1}


@given(json_values, st.lists(paths), st.lists(paths), st.lists(paths))
def test_it_never_raises_gives_json_and_changes_nothing(
    document: object, drop: list[str], mask: list[str], hashed: list[str]
) -> None:
    before = deepcopy(document)

    json.dumps(redacted(document, Privacy(tuple(drop), tuple(mask), tuple(hashed))))

    assert document == before
