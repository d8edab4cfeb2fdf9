"""JSON and the exact bytes of the messages in a batch."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adobe_emulator.strict_json import MalformedJsonError, parse, parse_messages

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
BOM, DEEP = b"\xef\xbb\xbf", b"[" * 99_999

whitespace = st.text(" \t\r\n", max_size=3)


@given(values)
def test_written_json_is_parsed(value: object) -> None:
    assert parse(json.dumps(value).encode()) == value


@given(st.lists(st.tuples(values, st.sampled_from([None, 2]), st.booleans(), whitespace)))
def test_each_message_keeps_the_bytes_that_it_was_sent_with(
    parts: list[tuple[object, int | None, bool, str]],
) -> None:
    texts = [
        json.dumps(value, indent=indent, ensure_ascii=escape) for value, indent, escape, _ in parts
    ]
    spaces = [space for *_, space in parts]
    spaced = ",".join(f"{s}{text}{s}" for text, s in zip(texts, spaces, strict=True))
    body = f'{{"before": {{"messages": [0]}}, "messages": [{spaced}], "after": 1}}'.encode()
    elements = parse_messages(body)

    assert [element.content for element in elements] == [text.encode() for text in texts]
    assert [element.value for element in elements] == [value for value, *_ in parts]


@given(st.binary())
def test_any_bytes_are_read_or_rejected(content: bytes) -> None:
    for read in (parse, parse_messages):
        try:
            read(content)
        except MalformedJsonError:
            continue


@pytest.mark.parametrize(
    "content",
    [b"", b" ", b"{", b"[1,]", b"{}x", b"NaN", b'{"a":Infinity}', b"\xff", BOM + b"{}", DEEP],
)
def test_invalid_json_is_rejected(content: bytes) -> None:
    with pytest.raises(MalformedJsonError):
        parse(content)


@pytest.mark.parametrize(
    "content",
    [
        b"[]",
        b"{}",
        b'{"messages":{}}',
        b'{"messages":[1]',
        b'{"messages":[1 2]}',
        b'{"messages":[1,]}',
        b'{"messages":[1],}',
        b'{"messages" [1]}',
        b'{"messages":[1]} x',
    ],
)
def test_invalid_batch_is_rejected(content: bytes) -> None:
    with pytest.raises(MalformedJsonError):
        parse_messages(content)


def test_empty_batch_has_no_messages() -> None:
    assert parse_messages(b' { "messages" : [ ] } ') == []


def test_of_two_lists_of_messages_the_last_counts() -> None:
    (element,) = parse_messages(b'{"messages":[1],"messages":[2]}')

    assert element.content == b"2"
