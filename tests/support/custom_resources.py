"""Both functions that CloudFormation invokes, and what surrounds them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from functions.preflight import handler as preflight
from functions.preflight import wiring as preflight_wiring
from functions.provisioner import handler as provisioner
from tests.support.listener import Listener
from tests.support.provisioner_cloud import Cloud, Context, provisioner_cloud

EVENTS = Path(__file__).parents[2] / "events"


@dataclass
class Clouds:
    """What surrounds both functions.

    Attributes:
        published: how many versions of the receiver were.
    """

    cloud: Cloud
    published: int = 0

    @property
    def listener(self) -> Listener:
        return self.cloud.listener

    def publish(self) -> str:
        self.published += 1
        return str(self.published)

    def nothing_changed(self) -> bool:
        """Neither at AWS nor at Adobe, and no token was asked for."""
        pages = boto3.client("ssm").get_paginator("get_parameters_by_path")
        found = pages.paginate(Path="/inlet-bridge", Recursive=True)
        names = {each["Name"] for page in found for each in page["Parameters"]}
        untouched = names == {"/inlet-bridge/dev/secrets/adobe", "/inlet-bridge/dev/secrets/github"}
        return untouched and not self.cloud.objects() + self.published + self.cloud.adobe.ims.minted


@contextmanager
def surrounded(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clouds]:
    with provisioner_cloud(monkeypatch) as cloud:
        clouds = Clouds(cloud)
        monkeypatch.setenv("RECEIVER_FUNCTION", "receiver")
        monkeypatch.setattr(preflight_wiring, "LambdaVersions", lambda *_: clouds)
        preflight_wiring.preflight.cache_clear()
        yield clouds
        preflight_wiring.preflight.cache_clear()


FUNCTIONS = {
    "provisioner/connection-create": provisioner.lambda_handler,
    "preflight/secret-create": preflight.lambda_handler,
    "preflight/version-create": preflight.lambda_handler,
}


def written(name: str, **changed: Any) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return event | changed


def send(name: str, event: Any) -> dict[str, Any]:
    context: Any = Context(600)
    answer: dict[str, Any] = FUNCTIONS[name](event, context)
    return answer
