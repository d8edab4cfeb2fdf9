"""Split a response into lines, with bounded memory."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final
from zlib import decompressobj, error

_GZIP: Final = b"\x1f\x8b"
# Of `zlib.decompressobj`: a gzip stream with its checksum.
_GZIP_WINDOW: Final = 31


class LineReader:
    """Reads the lines of a file as it arrives; a gzip file is unpacked.

    Args:
        content: the pieces of the file.
        length: its bytes, as stated elsewhere and before it is unpacked; None if unknown.
    """

    CHUNK_BYTES: Final = 65_536
    MOST_LINE_BYTES: Final = 4_000_000
    """A message has 1 MB at most; its escaped form and its errors come to it."""

    MOST_FILE_BYTES: Final = 1_000_000_000
    """The rest of a longer file is not read."""

    def __init__(self, content: Iterable[bytes], length: int | None) -> None:
        self._content = content
        self._length = length
        self._read = 0

    def lines(self, skip: int) -> Iterator[bytes | None]:
        """Yield lines that are not empty, without their end; None for one that is too long.

        Args:
            skip: how many of them not to yield.

        Raises:
            EOFError: the file is shorter than stated, or damaged. A last line that is cut is not
                yielded.
        """
        for number, line in enumerate(self._lines()):
            if number >= skip:
                yield line

    def _lines(self) -> Iterator[bytes | None]:
        pieces: list[bytes] = []
        size = total = 0
        for content in self._unpacked():
            total += len(content)
            *ended, rest = content.split(b"\n")
            for piece in ended:
                if line := self._line([*pieces, piece], size + len(piece)):
                    yield line[0]
                pieces, size = [], 0
            size += len(rest)
            # Of a line that is too long, only its length is kept.
            pieces = [*pieces, rest] if size <= self.MOST_LINE_BYTES else []
            if total > self.MOST_FILE_BYTES:
                return
        if self._length is not None and self._read < self._length:
            raise EOFError(self._read)
        if line := self._line(pieces, size):
            yield line[0]

    def _unpacked(self) -> Iterator[bytes]:
        """The content; of a gzip file, which can have several members, what is packed in it."""
        content = self._counted()
        first = next(content, b"")
        content = chain((first,), content)
        if not first.startswith(_GZIP):
            yield from content
            return
        unpacking = decompressobj(_GZIP_WINDOW)
        try:
            for packed in content:
                left = packed
                while left:
                    yield unpacking.decompress(left, self.CHUNK_BYTES)
                    left = unpacking.unconsumed_tail
                    if unpacking.eof and (left := unpacking.unused_data):
                        unpacking = decompressobj(_GZIP_WINDOW)
        except error as exc:
            raise EOFError(str(exc)) from None
        if not unpacking.eof:
            raise EOFError(self._read)

    def _counted(self) -> Iterator[bytes]:
        for content in self._content:
            self._read += len(content)
            yield content

    def _line(self, pieces: list[bytes], size: int) -> tuple[bytes | None] | None:
        """A line in a tuple, or None if it is empty."""
        if size > self.MOST_LINE_BYTES:
            return (None,)
        text = b"".join(pieces).strip()
        return (text,) if text else None
