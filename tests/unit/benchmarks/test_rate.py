"""The events and the results of the benchmark of many webhooks."""

import hmac
import json
from pathlib import Path
from typing import Any

from benchmarks.events import SECRET
from benchmarks.invocation import Context
from benchmarks.rate import prepare_events, summary
from benchmarks.rate_calls import call_all


def test_events_have_each_their_own_id_and_body_and_are_signed(tmp_path: Path) -> None:
    files = prepare_events(tmp_path, environments=2, total=10)
    lines = [file.read_bytes().splitlines() for file in files]
    events = [json.loads(line) for each in lines for line in each]

    # Each environment has one more, for its cold start.
    assert list(map(len, lines)) == [6, 6]
    assert len({event["headers"]["x-github-delivery"] for event in events}) == 12
    assert len({event["body"] for event in events}) == 12
    for event in events:
        mac = hmac.new(SECRET.encode(), event["body"].encode(), "sha256").hexdigest()
        assert event["headers"]["x-hub-signature-256"] == f"sha256={mac}"


def test_handler_is_called_with_each_event_and_the_responses_are_counted() -> None:
    seen = []

    def handler(event: dict[str, Any], context: Context) -> dict[str, Any]:
        assert context.get_remaining_time_in_millis() == 15_000
        seen.append(event["number"])
        return {"statusCode": 503 if event["number"] == 1 else 200}

    calls = call_all(handler, [b'{"number":%d}' % number for number in range(3)])

    assert seen == [0, 1, 2]
    assert calls["statuses"] == {"200": 2, "503": 1}
    assert calls["cpu_ms"] > 0


def test_rate_is_reported_with_the_writes_and_processors_that_it_takes() -> None:
    text = summary(
        {"200": 60_000}, 30.0, 48_000.0, {"PutItem": 60_000, "UpdateItem": 60_000}, 2_000
    )

    assert "60000} in 30 s, 2,000/s" in text
    assert "0.80 ms a webhook: 2,000/s take 1.6 processors" in text
    assert "2.00 writes a webhook: 2,000/s are 4,000 write units/s" in text
