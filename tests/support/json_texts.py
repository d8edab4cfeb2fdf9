"""Strategies of JSON texts with any numbers, compact and in ASCII."""

import json

from hypothesis import strategies as st

_DIGITS = st.text("0123456789", min_size=1, max_size=30)
_EXPONENTS = st.builds(
    "{}{}{}".format, st.sampled_from("eE"), st.sampled_from(["", "+", "-"]), _DIGITS
)
numbers = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "-"]),
    st.just("0") | _DIGITS.filter(lambda text: text[0] != "0"),
    st.just("") | _DIGITS.map(lambda text: f".{text}"),
    st.just("") | _EXPONENTS,
)
"""Everything that RFC 8259 calls a number."""


def _list(items: list[str]) -> str:
    return f"[{','.join(items)}]"


def _object(members: dict[str, str]) -> str:
    return "{" + ",".join(f"{name}:{value}" for name, value in members.items()) + "}"


documents = st.recursive(
    numbers | st.text().map(json.dumps) | st.sampled_from(["true", "false", "null"]),
    lambda inner: (
        st.lists(inner).map(_list) | st.dictionaries(st.text().map(json.dumps), inner).map(_object)
    ),
)
objects = st.dictionaries(st.text().map(json.dumps), documents).map(_object)
