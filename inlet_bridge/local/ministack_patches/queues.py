"""Limit the messages of a queue that are in flight, and list the sources of a dead-letter queue.

A standard queue has at most about 120,000 messages in flight. Beyond that long polling returns
nothing and short polling fails with OverLimit. MiniStack has no limit.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
"""

import json
import os
import time
from typing import Any

from ministack.services import sqs

_MOST_IN_FLIGHT = int(os.environ["MOST_IN_FLIGHT"])

_collect = sqs._collect_msgs  # has no limit
_receive = sqs._HANDLERS["ReceiveMessage"]


def _free_in_flight(queue: dict[str, Any]) -> int:
    """How many further messages may be received."""
    now = time.time()
    taken: int = sum(
        message["visible_at"] > now and message.get("receive_count", 0) > 0
        for message in queue["messages"]
    )
    return int(max(_MOST_IN_FLIGHT - taken, 0))


def _collect_within_limit(queue: dict[str, Any], count: int, timeout: int) -> Any:
    return _collect(queue, min(count, _free_in_flight(queue)), timeout)


async def _receive_or_refuse(data: dict[str, Any], url: str) -> Any:
    """Receive messages; short polling of a queue at its limit fails."""
    answer = await _receive(data, url)
    queue = sqs._get_q(data.get("QueueUrl", url))
    default = queue["attributes"].get("ReceiveMessageWaitTimeSeconds", "0")
    is_short = not int(data.get("WaitTimeSeconds", default))
    if is_short and not answer and not _free_in_flight(queue):
        raise sqs._Err("OverLimit", "Too many messages in flight.", 403)
    return answer


def _dead_letter_sources(data: dict[str, Any], url: str) -> dict[str, Any]:
    """The URLs of the queues whose redrive policies name this one; all in one page."""
    wanted = sqs._get_q(data.get("QueueUrl", url))["attributes"]["QueueArn"]
    found = [
        sqs._externalize_url(each)
        for each, queue in list(sqs._queues.items())
        if json.loads(queue["attributes"].get("RedrivePolicy") or "{}").get("deadLetterTargetArn")
        == wanted
    ]
    return {"queueUrls": found}


sqs._HANDLERS["ListDeadLetterSourceQueues"] = _dead_letter_sources
sqs._collect_msgs = _collect_within_limit
sqs._HANDLERS["ReceiveMessage"] = _receive_or_refuse
