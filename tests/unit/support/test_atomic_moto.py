"""Tests of moto with several threads."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.sqs.models import SQSBackend


def test_requests_are_processed_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    processed: list[str] = []
    backend: Any = SQSBackend
    create = backend.create_queue

    def watched(self: Any, name: str, *given: Any, **named: Any) -> Any:
        processed.append("begin")
        time.sleep(0.01)  # Lets another thread run.
        try:
            return create(self, name, *given, **named)
        finally:
            processed.append("end")

    monkeypatch.setattr(SQSBackend, "create_queue", watched)
    with mock_aws(), ThreadPoolExecutor(4) as pool:
        sqs = boto3.client("sqs")
        list(pool.map(lambda number: sqs.create_queue(QueueName=f"q-{number}"), range(8)))

    assert processed == ["begin", "end"] * 8
