"""Read the inlet's responses: the outcome of each message.

The statuses and the three generations of items in a 207 are Adobe's (streaming ingestion
reference, "Send multiple messages in a single HTTP request"). An undocumented response counts as
not delivered, so that the message is retried and never lost.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from bridge.backoff import retry_after_of
from bridge.delivery.outcomes import (
    INDETERMINATE,
    Dead,
    DeadClass,
    Delivered,
    Outcome,
    Retry,
    SingleOutcome,
)
from bridge.ports.adobe import InletResponse

# Bounded, because `int` rejects more than 4,300 digits.
_INDEXED = re.compile(r"[0-9a-f-]{36}-([0-9]{1,9})")
_INDEX = re.compile(r"[0-9]{1,9}")
_OK = 200
_FAILED = 300
# Of a message whose schema the inlet does not find: Adobe, "Retrieving failed batches".
_UNKNOWN_FORMAT = "unknown xdm format"
_LONGEST_WAIT = timedelta(days=1)
_TOO_LARGE = Dead(DeadClass.TOO_LARGE, "the inlet returned 413")
_ONE_MAY_BE_THE_CAUSE = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.INTERNAL_SERVER_ERROR,
    }
)


def read_single(response: InletResponse, now: datetime) -> SingleOutcome:
    """Return the outcome of a message that was sent alone."""
    match response.status:
        case HTTPStatus.OK:
            xaction_id = _object(response.body).get("xactionId")
            if isinstance(xaction_id, str) and xaction_id:
                return Delivered(xaction_id)
            return Retry("the inlet's response has no xactionId")
        case HTTPStatus.BAD_REQUEST:
            return _invalid(_object(response.body))
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return _TOO_LARGE
        case _:
            return _read_refusal(response, now)


def read_batch(response: InletResponse, count: int, now: datetime) -> Sequence[Outcome]:
    """Return the outcomes of the `count` messages of a batch, in their order."""
    match response.status:
        case HTTPStatus.MULTI_STATUS | HTTPStatus.OK:
            return _read_items(_object(response.body), count, retry_after(response.headers, now))
        case HTTPStatus.BAD_REQUEST | HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return [INDETERMINATE] * count
        case _:
            return [_read_refusal(response, now)] * count


def may_be_one_message(response: InletResponse) -> bool:
    """Whether one invalid message may be why the whole batch was rejected.

    The inlet also returns 500 for a message whose schema does not match (Adobe, "Send multiple
    messages in a single HTTP request", appendix).
    """
    return response.status in _ONE_MAY_BE_THE_CAUSE


def token_refused(response: InletResponse) -> bool:
    """Whether a new token may help; an empty 403 is Adobe's IP allow-list, not the token."""
    return response.status == HTTPStatus.UNAUTHORIZED or (
        response.status == HTTPStatus.FORBIDDEN and bool(response.body.strip())
    )


def _read_refusal(response: InletResponse, now: datetime) -> Retry:
    """Return the outcome for a status that is neither success nor the message's fault."""
    if response.status is None:
        return Retry("the inlet did not respond")
    return Retry(f"the inlet returned {response.status}", retry_after(response.headers, now))


def _read_items(
    document: Mapping[str, Any], count: int, wait: timedelta | None
) -> Sequence[Outcome]:
    """Return the outcomes of the items of a response.

    Args:
        document: the response.
        count: of the messages.
        wait: before a message is retried, as the response's header says.
    """
    responses = document.get("responses")
    if not isinstance(responses, list):
        return [INDETERMINATE] * count
    outcomes: list[Outcome] = [INDETERMINATE] * count
    batch_id = document.get("batchId")
    prefix = f"{batch_id}:" if isinstance(batch_id, str) else None
    contradicted: set[int] = set()
    # Items that name no message. Their index identifies it only if the others are in order.
    unnamed: list[tuple[int, Mapping[str, Any]]] = []
    in_order = len(responses) == count
    for index, item in enumerate(responses):
        if not isinstance(item, dict):
            continue
        # Most items are as documented and in order.
        xaction_id, status = item.get("xactionId"), item.get("status")
        if (
            status == _OK
            and type(status) is int
            and prefix
            and xaction_id == f"{prefix}{index}"
            and index < count
            and outcomes[index] is INDETERMINATE
        ):
            outcomes[index] = Delivered(xaction_id)
            continue
        position = _position(item, batch_id)
        if position is None:
            unnamed.append((index, item))
            continue
        in_order = in_order and position == index
        if position < count:
            outcome, former = _read_item(item, wait), outcomes[position]
            if former is not INDETERMINATE and former != outcome:
                contradicted.add(position)
            outcomes[position] = outcome
    for index, item in unnamed if in_order else ():
        outcomes[index] = _read_item(item, wait)
    for position in contradicted:
        outcomes[position] = INDETERMINATE
    return outcomes


def _position(item: Mapping[str, Any], batch_id: object) -> int | None:
    """Return the index of an item's message, if the item contains it."""
    xaction_id = item.get("xactionId")
    if not isinstance(xaction_id, str):
        return None
    prefix, _, index = xaction_id.rpartition(":")
    if prefix == batch_id and _INDEX.fullmatch(index):
        return int(index)
    indexed = _INDEXED.fullmatch(xaction_id)
    return int(indexed[1]) if indexed else None


def _read_item(item: Mapping[str, Any], wait: timedelta | None) -> Outcome:
    status = item.get("status")
    if status is None:
        status = item.get("statusCode")
    xaction_id = item.get("xactionId")
    if status is None and isinstance(xaction_id, str) and xaction_id:
        return Delivered(xaction_id)
    try:
        code = status if type(status) is int else int(str(status))
    except ValueError:
        return INDETERMINATE
    match code:
        case _ if _OK <= code < _FAILED:
            named = isinstance(xaction_id, str) and xaction_id != ""
            return Delivered(str(xaction_id)) if named else INDETERMINATE
        case HTTPStatus.BAD_REQUEST:
            return _invalid(item)
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return _TOO_LARGE
        case _:
            return Retry(f"the inlet returned {code}", wait)


def _invalid(document: Mapping[str, Any]) -> Dead:
    """The outcome of a 400; the only text of Adobe's that is looked at does not quote the message.

    The inlet checks the schema of the envelope, which is the flow's, against the dataset.
    """
    report = document.get("report")
    texts = (document.get("message"), report.get("message") if isinstance(report, dict) else None)
    if any(isinstance(text, str) and _UNKNOWN_FORMAT in text for text in texts):
        return Dead(
            DeadClass.INVALID,
            "the inlet returned 400: unknown XDM format; the flow's dataset or schema may be gone "
            "or changed, see inlet status",
        )
    return Dead(DeadClass.INVALID, "the inlet returned 400")


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return `Retry-After`, in seconds or as a date (RFC 9110, 10.2.3), capped at one day.

    None if the header is missing or invalid.
    """
    wait = retry_after_of(headers.get("retry-after", ""), now)
    return None if wait is None else min(wait, _LONGEST_WAIT)


def _object(body: bytes) -> Mapping[str, Any]:
    """Return the body as a JSON object; empty for anything else."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}
