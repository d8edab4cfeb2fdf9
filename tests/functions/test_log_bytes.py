"""Tests of the number of log bytes per webhook, since logs are billed by the byte."""

import pytest

from inlet_bridge.cost.usage import LOG_BYTES
from tests.support.delivery_cloud import delivery_cloud
from tests.support.webhook_events import signed

# Approximate size of Lambda's START, END and REPORT lines and API Gateway's access log line,
# each with 26 bytes of CloudWatch overhead.
OTHERS = 700


def test_cost_estimate_matches_the_log_bytes_per_webhook(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "receiver")
    with delivery_cloud(monkeypatch) as cloud:
        cloud.receive(signed("github-signed"))
        capsys.readouterr()
        cloud.receive(signed("github-signed", headers={"x-github-delivery": "another"}))
        output = cloud.log.getvalue().splitlines()[-1]
        metrics = [
            line for line in capsys.readouterr().out.splitlines() if line.startswith('{"_aws"')
        ]

    assert len(metrics) == 2
    lines = [output, *metrics]
    written = sum(len(line.encode()) + 26 for line in lines)
    assert written + OTHERS == pytest.approx(LOG_BYTES, rel=0.1)
