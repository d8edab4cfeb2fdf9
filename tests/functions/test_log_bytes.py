"""How much a webhook writes to the log, which is paid for by the byte."""

import pytest

from inlet_bridge.cost.usage import LOG_BYTES
from tests.support.delivery_cloud import delivery_cloud
from tests.support.webhook_events import signed

# Lambda's START, END and REPORT, and API Gateway's line of access, with CloudWatch's 26 bytes for
# each: about so many, by their formats.
OTHERS = 700


def test_the_bill_counts_what_a_webhook_writes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "receiver")
    with delivery_cloud(monkeypatch) as cloud:
        cloud.receive(signed("github-signed"))
        capsys.readouterr()
        cloud.receive(signed("github-signed", headers={"x-github-delivery": "another"}))
        told = cloud.log.getvalue().splitlines()[-1]
        metrics = [
            line for line in capsys.readouterr().out.splitlines() if line.startswith('{"_aws"')
        ]

    assert len(metrics) == 2
    lines = [told, *metrics]
    written = sum(len(line.encode()) + 26 for line in lines)
    assert written + OTHERS == pytest.approx(LOG_BYTES, rel=0.1)
