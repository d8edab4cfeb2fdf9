"""With Lambda's JSON log format, a line of the bridge is written once and as it is."""

import json
import os
import subprocess
import sys

PROGRAM = """
from awslambdaric import bootstrap
from awslambdaric.lambda_runtime_log_utils import LogFormat

bootstrap._setup_logging(LogFormat.JSON, "INFO", bootstrap.StandardLogSink())
from bridge.adapters.aws.metrics import EmbeddedCounts
from bridge.delivery.counts import Count
from bridge.telemetry import logger

counts = EmbeddedCounts()
counts.count("github", Count.ACCEPTED)
counts.log(logger.info, "delivered", delivery_id="1")
logger.debug("verified")
"""


def test_line_is_neither_encoded_again_nor_repeated_by_the_runtime() -> None:
    done = subprocess.run(  # noqa: S603 (this interpreter)
        [sys.executable, "-c", PROGRAM],
        env={
            **os.environ,
            "AWS_LAMBDA_LOG_FORMAT": "JSON",
            "AWS_LAMBDA_LOG_LEVEL": "INFO",
            "POWERTOOLS_LOG_LEVEL": "INFO",
            "POWERTOOLS_SERVICE_NAME": "receiver",
            "POWERTOOLS_METRICS_NAMESPACE": "InletBridge/dev",
        },
        capture_output=True,
        text=True,
        check=True,
    )

    [line] = done.stdout.splitlines()
    read = json.loads(line)
    assert (read["message"], read["level"], read["delivery_id"]) == ("delivered", "INFO", "1")
    assert read["_aws"]["CloudWatchMetrics"]
    assert done.stderr == ""
