"""Messages into batches that the inlet takes."""

from collections.abc import Callable, Iterable, Iterator

# A request may hold 1 MB (Adobe's streaming ingestion reference); whether that is 10^6 or 2^20
# nobody says, and the envelope of the batch counts too.
MAX_BATCH_BYTES = 900_000
# Adobe's own example packs 200 messages of 1 kB; no maximum is published.
MAX_BATCH_MESSAGES = 200


def pack[T](
    messages: Iterable[T],
    size: Callable[[T], int],
    max_bytes: int = MAX_BATCH_BYTES,
    max_messages: int = MAX_BATCH_MESSAGES,
) -> Iterator[list[T]]:
    """Split into batches by bytes and count, keeping the order.

    A message that is larger than a batch may be comes alone.

    Args:
        messages: what to pack.
        size: the encoded bytes of one message.
        max_bytes: the most that a batch may hold; of the inlet unless it goes elsewhere.
        max_messages: likewise.
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
