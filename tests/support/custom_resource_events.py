"""Send events of CloudFormation to a provisioner."""

from typing import Any

from bridge.custom_resources.request import Outcome
from bridge.provisioning.custom_resource import CustomResourceRequest
from tests.support.declarations import (
    event,
)
from tests.support.provisioning_bench import STAGE, Bench

ORDERS = "inlet-bridge/test/connections/orders/xdm-authenticated.a9d939324a"


def send(bench: Bench, request: str, *args: Any, **kwargs: Any) -> Outcome:
    return CustomResourceRequest(event(request, *args, **kwargs), STAGE).serve(bench.provisioner())


def source_event(bench: Bench, request: str, *args: Any, **kwargs: Any) -> Outcome:
    kwargs = {"resource": "Custom::WebhookSource", "logical_id": "GithubSource", **kwargs}
    return send(bench, request, *args, **kwargs)
