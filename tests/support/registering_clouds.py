"""A cloud whose sources wait for the registration of a webhook."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import replace
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from bridge.receiving.receiver import Receiver
from bridge.sources.source import Source
from functions.receiver import handler
from functions.receiver import wiring as receiver_wiring
from tests.support.delivery_cloud import SOURCE_DOCUMENT, DeliveryCloud
from tests.support.registrations import (
    OTHER,
    VENDOR,
    webhook,
)
from tests.support.sender_response import Response


def expire_registration(sender: str) -> None:
    """Set the end of the registration to an hour ago."""
    ssm, name = boto3.client("ssm"), SOURCE_DOCUMENT + sender
    source = Source.from_document(ssm.get_parameter(Name=name)["Parameter"]["Value"])
    assert source.registration_until
    past = replace(source, registration_until=datetime.now(UTC) - timedelta(hours=1))
    ssm.put_parameter(Name=name, Value=past.to_document(), Overwrite=True)


@contextmanager
def container(receiver: Receiver) -> Iterator[None]:
    """Handle the requests of the block in a container that already runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(handler, "receiver", lambda: receiver)
        yield


def warm_container(cloud: DeliveryCloud, sender: str) -> Receiver:
    """Return a container that has cached the current source document."""
    cloud.restart()
    cloud.receive(webhook(sender, OTHER))
    running = receiver_wiring.receiver()
    cloud.restart()
    return running


def refused(answer: Response) -> bool:
    """Whether the response is that of any request without a credential."""
    assert VENDOR not in answer.body + str(answer.headers)
    assert OTHER not in answer.body + str(answer.headers)
    return (answer.status, answer.document["title"]) == (401, "Unauthorized")
