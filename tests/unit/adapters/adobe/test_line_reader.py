"""Lines of files that are packed."""

import gzip
from collections.abc import Iterator

import pytest

from bridge.adapters.adobe.line_reader import LineReader

LINES = [b'{"n":%d}' % number for number in range(50_000)]
PACKED = gzip.compress(b"\n".join(LINES))


def pieces(content: bytes, size: int) -> Iterator[bytes]:
    return (content[at : at + size] for at in range(0, len(content), size))


@pytest.mark.parametrize("size", [7, 1_000, 1_000_000])
def test_gzip_file_is_unpacked(size: int) -> None:
    assert list(LineReader(pieces(PACKED, size), len(PACKED)).lines(0)) == LINES
    assert list(LineReader(pieces(PACKED, size), None).lines(49_998)) == LINES[49_998:]


@pytest.mark.parametrize("size", [7, 1_000_000])
def test_members_of_a_gzip_file_follow_each_other(size: int) -> None:
    content = gzip.compress(b"one\ntw") + gzip.compress(b"") + gzip.compress(b"o\nthree")

    assert list(LineReader(pieces(content, size), None).lines(0)) == [b"one", b"two", b"three"]


@pytest.mark.parametrize(
    "content",
    [PACKED[:-1], PACKED[: len(PACKED) // 2], PACKED + b"x", b"\x1f\x8b", PACKED[:20] * 9],
)
def test_damaged_gzip_file_ends_with_an_error(content: bytes) -> None:
    with pytest.raises(EOFError):
        list(LineReader(pieces(content, 1_000), None).lines(0))


def test_gzip_file_that_is_huge_is_read_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LineReader, "MOST_FILE_BYTES", 200_000)
    bomb = gzip.compress(b"0\n" * 10_000_000)

    assert 90_000 < len(list(LineReader([bomb], len(bomb)).lines(0))) < 200_000


@pytest.mark.parametrize("content", [b"", b"\n", b"\xef\xbb\xbf{}"])
def test_other_files_are_not(content: bytes) -> None:
    assert list(LineReader([content], len(content)).lines(0)) == (
        [content] if content.strip() else []
    )
