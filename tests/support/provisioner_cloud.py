"""The provisioner function with events, SSM in process and Adobe on a socket."""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from moto import mock_aws

from adobe_emulator.emulator import Adobe
from adobe_emulator.resources import Kind
from adobe_emulator.settings import Tenant
from functions.provisioner import handler, wiring
from tests.support.faster_moto import make_faster
from tests.support.listener import Listener, listening
from tests.support.served_adobe import serve_adobe
from tests.support.strict_ssm import reject_invalid_values
from tests.support.virtual_time import stop_clock
from tests.support.watched_session import AwsCalls, use_watched_session

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

EVENTS = Path(__file__).parents[2] / "events" / "provisioner"
SECRET = "/inlet-bridge/dev/secrets/github"

EMPTY_SANDBOX = Tenant(datasets={}, schemas={})
"""Without datasets and schemas."""


@dataclass
class Context:
    """What Lambda passes to a handler."""

    seconds: float = 600.0
    function_name: str = "provisioner"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = (
        "arn:aws:lambda:eu-central-1:123456789012:function:inlet-bridge-dev-provisioner"
    )
    aws_request_id: str = "7c0d8f50"
    log_stream_name: str = "2026/11/24/[$LATEST]abc"

    def get_remaining_time_in_millis(self) -> int:
        return round(self.seconds * 1000)


@dataclass
class Cloud:
    """The services around the function."""

    adobe: Adobe
    listener: Listener
    calls: AwsCalls

    def send(
        self, name: str, existing: str = "", *, seconds: float = 600.0, **properties: Any
    ) -> dict[str, Any]:
        """Invoke the function with an event of `events/`, its id and properties changed."""
        event = json.loads((EVENTS / f"{name}.json").read_text())
        if "ResponseURL" in event:
            event["ResponseURL"] = self.listener.url
            event["ResourceProperties"] |= properties
            if existing:
                event["PhysicalResourceId"] = existing
        answer = self._invoke(event, seconds)
        if "ResponseURL" in event:
            assert self.listener.answers[-1] == answer
        return answer

    def create_source(
        self, properties: Mapping[str, Any], connection: str = "orders"
    ) -> dict[str, Any]:
        """Invoke the function with the creation of a source that has just these properties."""
        event = json.loads((EVENTS / "source-create.json").read_text())
        event["ResponseURL"] = self.listener.url
        own = {"Connection": connection} if connection else {}
        event["ResourceProperties"] = {**own, **properties}
        return self._invoke(event, 600.0)

    def ask(self, **request: Any) -> dict[str, Any]:
        """Invoke the function directly."""
        return self._invoke(request, 600.0)

    @staticmethod
    def _invoke(event: dict[str, Any], seconds: float) -> dict[str, Any]:
        context = cast("LambdaContext", Context(seconds))
        answer: dict[str, Any] = handler.lambda_handler(event, context)
        return answer

    def parameters(self) -> dict[str, str]:
        """All SSM parameters except secrets and credentials."""
        pages = boto3.client("ssm").get_paginator("get_parameters_by_path")
        found = pages.paginate(Path="/inlet-bridge/dev", Recursive=True)
        texts = {item["Name"]: item["Value"] for page in found for item in page["Parameters"]}
        hidden = ("/secrets/", "/credentials/")
        return {
            name: text for name, text in texts.items() if not any(each in name for each in hidden)
        }

    def objects(self) -> int:
        """The number of objects at Adobe."""
        return sum(len(self.adobe.resources.ids(kind)) for kind in Kind)


@contextmanager
def provisioner_cloud(
    monkeypatch: pytest.MonkeyPatch, sandbox: Tenant | None = None, seed: int = 0
) -> Iterator[Cloud]:
    """A separate cloud until the block ends."""
    make_faster()
    with ExitStack() as stack:
        adobe = serve_adobe(sandbox, seed)
        listener = stack.enter_context(listening())
        stack.enter_context(mock_aws())
        reject_invalid_values(monkeypatch)
        calls = use_watched_session()
        tenant = adobe.tenant
        credentials = {
            "client_id": tenant.client_id,
            "client_secret": tenant.client_secret,
            "org_id": tenant.org_id,
            "scopes": ",".join(tenant.scopes),
            "sandbox": tenant.sandbox,
        }
        ssm = boto3.client("ssm")
        adobe_secret = "/inlet-bridge/dev/secrets/adobe"
        ssm.put_parameter(Name=adobe_secret, Value=json.dumps(credentials), Type="SecureString")
        ssm.put_parameter(Name=SECRET, Value="whsec_NEVERSEEN", Type="SecureString")
        for name, value in {
            "STAGE": "dev",
            "ADOBE_IMS_URL": adobe.url,
            "ADOBE_PLATFORM_URL": adobe.url,
            "ADOBE_CREDENTIALS": adobe_secret,
            "INLET_HOSTS": adobe.url.removeprefix("http://"),
            "WEBHOOK_URL": "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com",
            # As in the local cloud; moto emulates the other services.
            "AWS_ENDPOINT_URL_CLOUDFORMATION": listener.endpoint,
            "POWERTOOLS_METRICS_NAMESPACE": "InletBridge/dev",
        }.items():
            monkeypatch.setenv(name, value)
        stop_clock(wiring.deadline, monkeypatch)
        wiring.provisioner.cache_clear()
        yield Cloud(adobe, listener, calls)
        wiring.provisioner.cache_clear()
        assert not calls.denied, calls.denied
