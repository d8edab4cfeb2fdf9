"""Pack messages into batches that the inlet accepts."""

from collections.abc import Callable, Iterable, Iterator

# A request may hold 1 MB (Adobe's streaming ingestion reference), including the envelope of the
# batch; whether that is 10^6 or 2^20 bytes is undocumented.
MAX_BATCH_BYTES = 900_000
# Adobe's example has 200 messages of 1 kB; no maximum is published.
MAX_BATCH_MESSAGES = 200


def pack[T](
    messages: Iterable[T],
    size: Callable[[T], int],
    max_bytes: int = MAX_BATCH_BYTES,
    max_messages: int = MAX_BATCH_MESSAGES,
) -> Iterator[list[T]]:
    """Split messages into batches by size and count, in order.

    A message that exceeds the size limit is a batch of its own.

    Args:
        messages: the messages to pack.
        size: returns the encoded size of one message in bytes.
        max_bytes: the size limit of a batch; by default the inlet's.
        max_messages: the most messages in a batch; by default the inlet's.
    """
    batch: list[T] = []
    total = 0
    for message in messages:
        length = size(message) + 1  # The comma.
        if batch and (total + length > max_bytes or len(batch) == max_messages):
            yield batch
            batch, total = [], 0
        batch.append(message)
        total += length
    if batch:
        yield batch
