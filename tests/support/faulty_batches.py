"""A deployed reconciler, with faults of Adobe's batch API, kills and a count of its calls."""

import json
import os
import signal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from botocore.exceptions import BotoCoreError, ClientError

from bridge.adapters.aws.ingestion_items import run_key
from tests.support.deployment import Deployment
from tests.support.waiting import MAX_SECONDS, eventually

LISTING = "/data/foundation/catalog/batches"
EXPORT = "/data/foundation/export/batches/*"
# Fault that changes nothing: what is left of its times tells how many requests there were.
_COUNTER = 1_000_000
# Longer than a kill takes; the emulator does not answer before.
_SLOW_SECONDS = 30


class DeployedReconciler:
    """The reconciler of a deployment.

    Attributes:
        calls: how many calls to Catalog and Data Access each run has made.
    """

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self.calls: list[int] = []

    def run(self, *faults: dict[str, Any], action: str = "reconcile") -> dict[str, Any]:
        """Invoke the function with faults of Adobe; return its answer."""
        given = self._plan(faults)
        answer = self._invoke(action)
        self.calls.append(given - self._left())
        return answer

    def run_killed(self, path: str, query: str = "*", *, nth: int = 1) -> None:
        """Kill the function while it waits for the nth response to requests like this."""
        passed = [{"path": path, "query": query, "times": nth - 1}] if nth > 1 else []
        slow = {"path": path, "query": query, "delay_seconds": _SLOW_SECONDS}
        given = self._plan([*passed, slow])
        with ThreadPoolExecutor(1) as pool:
            ended = pool.submit(self._ended, "reconcile")
            assert eventually(lambda: not self._is_planned(slow) or ended.done(), every=0.05)
            assert not ended.done(), "no request was slow"
            for pid in self._deployment.workers("reconciler"):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            assert ended.result() != {"ok": True}
        self.calls.append(given - self._left())

    def next_hour(self) -> None:
        """Let an hour pass for the state that a run leaves to the next."""
        item = self._state()
        for name in ("until", "counted_at", "reported_at") if item else ():
            stored = datetime.fromisoformat(item[name]["S"])
            if stored.year > 1:
                self._set(name, {"S": (stored - timedelta(hours=1)).isoformat()})

    def leave_calls(self, number: int) -> None:
        """Let the last run have left so many calls."""
        self._set("calls", {"N": str(number)})
        self._set("counted_at", {"S": datetime.now(UTC).isoformat()})

    def reported(self) -> list[int]:
        """The values of the metric so far."""
        lines = (
            json.loads(text) for text in self._deployment.logged() if '"RejectedByAdobe"' in text
        )
        return [int(value) for line in lines for value in line["RejectedByAdobe"]]

    def _ended(self, action: str) -> dict[str, Any]:
        with suppress(ClientError, BotoCoreError, ValueError):
            return self._invoke(action)
        return {}

    def _invoke(self, action: str) -> dict[str, Any]:
        answer = self._deployment.client("lambda").invoke(
            FunctionName=self._deployment.bridge.stack.resources["ReconcilerFunction"],
            Payload=json.dumps({"action": action}).encode(),
        )
        document: dict[str, Any] = json.loads(answer["Payload"].read())
        return document

    def _plan(self, faults: Sequence[dict[str, Any]]) -> int:
        """Plan faults and count requests; return the sum of the times of all."""
        self._deployment.clear_faults()
        counters = [{"path": each, "times": _COUNTER} for each in (f"{LISTING}*", EXPORT)]
        planned = [{"times": 1, **each} for each in (*faults, *counters)]
        for each in planned:
            requests.post(self._faults, json=each, timeout=MAX_SECONDS).raise_for_status()
        return sum(each["times"] for each in planned)

    def _left(self) -> int:
        return sum(each["times"] for each in self._pending())

    def _is_planned(self, fault: dict[str, Any]) -> bool:
        return any(each["delay_seconds"] == fault["delay_seconds"] for each in self._pending())

    def _pending(self) -> list[dict[str, Any]]:
        found = requests.get(self._faults, timeout=MAX_SECONDS).json()
        return list(found["faults"])

    @property
    def _faults(self) -> str:
        return f"{self._deployment.bridge.adobe.emulator}/_emulator/faults"

    def _state(self) -> dict[str, Any]:
        answer = self._table.get_item(TableName=self._name, Key=run_key(), ConsistentRead=True)
        found: dict[str, Any] = answer.get("Item", {})
        return found

    def _set(self, name: str, value: dict[str, str]) -> None:
        self._table.update_item(
            TableName=self._name,
            Key=run_key(),
            UpdateExpression="SET #name = :value",
            ExpressionAttributeNames={"#name": name},
            ExpressionAttributeValues={":value": value},
        )

    @property
    def _table(self) -> Any:
        return self._deployment.client("dynamodb")

    @property
    def _name(self) -> str:
        return self._deployment.bridge.stack.resources["Deliveries"]
