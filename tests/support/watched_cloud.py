"""A cloud whose metrics are collected, as CloudWatch would have them."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, cast

import boto3
import pytest

from bridge.adapters.clock import utc_now
from functions.provisioner import handler as provisioner
from functions.reconciler import handler as reconciler
from functions.reconciler import wiring as reconciler_wiring
from functions.watch import handler as watch
from functions.watch import wiring as watch_wiring
from tests.support.alarm_evaluation import Metrics
from tests.support.delivery_cloud import DeliveryCloud
from tests.support.provisioner_cloud import Context
from tests.support.webhook_events import signed

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

# `tests/support/leak_detection.py` asserts that none of it is logged, whatever the fault.
BODY = json.dumps({"title": "Found CANARY", "by": "canary@example.com"}).encode()


@dataclass
class Watched:
    """A cloud whose metrics are collected."""

    cloud: DeliveryCloud
    monkeypatch: pytest.MonkeyPatch
    metrics: Metrics = field(default_factory=Metrics)
    number: int = 0

    def service(self, name: str) -> None:
        self.monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", name)

    def send(self, secret: str = "") -> int:
        """Send a webhook that was not sent before, and return the status of the response."""
        self.service("receiver")
        self.number += 1
        headers = {"x-github-delivery": f"alarm-{self.number}", "x-note": "CANARY"}
        sent = signed("github-signed", headers=headers, secret=secret, body=BODY)
        status = self.cloud.receive(sent).status
        self.metrics.add("AWS/Lambda", "Duration", {"FunctionName": "ReceiverFunction"}, 10.0)
        self.metrics.add("AWS/ApiGateway", "5xx", {"ApiId": "WebhookApi"}, float(status >= 500))
        return status

    def forward(self) -> None:
        """Run the forwarder on the buffered messages; a postponed message returns soon."""
        self.service("forwarder")
        errors = 0
        try:
            self.cloud.forward_what_waits()
        except Exception:  # noqa: BLE001 - Lambda takes it
            errors = 1
        self.metrics.add("AWS/Lambda", "Errors", {"FunctionName": "ForwarderFunction"}, errors)

    def forward_one(self) -> None:
        """Run the forwarder on one message that is in no queue."""
        self.service("forwarder")
        self.cloud.forward("one")

    def check_drift(self) -> None:
        self.service("provisioner")
        context = cast("LambdaContext", Context(600))
        assert provisioner.lambda_handler({"action": "drift"}, context)["ok"]

    def run_all_checks(self) -> None:
        """Run the scheduled checks as if ten minutes had passed."""
        self.service("watch")
        self.monkeypatch.setattr(watch_wiring, "utc_now", lambda: utc_now() + timedelta(minutes=10))
        watch_wiring.watch.cache_clear()
        context = cast("LambdaContext", Context(300, function_name="watch"))
        for metric in ("QuietSources", "Unaccounted"):
            watch.lambda_handler({"look": metric}, context)
        self.service("reconciler")
        for built in (reconciler_wiring.batches, reconciler_wiring.reconciler):
            built.cache_clear()
        context = cast("LambdaContext", Context(300, function_name="reconciler"))
        reconciler.lambda_handler({"action": "reconcile"}, context)

    def record_accepted(self, source: str, ago: timedelta) -> None:
        """Store a past data point of the metric `Accepted` in CloudWatch."""
        boto3.client("cloudwatch").put_metric_data(
            Namespace="InletBridge/dev",
            MetricData=[
                {
                    "MetricName": "Accepted",
                    "Dimensions": [{"Name": "source", "Value": source}],
                    "Timestamp": utc_now() - ago,
                    "Value": 1,
                }
            ],
        )

    def collect(self) -> None:
        self.metrics.read(json.dumps(line) for line in self.cloud.lines())
        dead = len(self.cloud.dead())
        for name in ("ApproximateNumberOfMessagesVisible", "NumberOfMessagesSent"):
            self.metrics.add("AWS/SQS", name, {"QueueName": "DeadLetters"}, dead)
