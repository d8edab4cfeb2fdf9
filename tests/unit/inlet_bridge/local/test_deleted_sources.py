"""What the deployment of an edit reports of sources that it deletes while their webhooks wait."""

from collections import Counter
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from inlet_bridge.local.deliveries import Deliveries
from inlet_bridge.local.deployment import Bridge
from inlet_bridge.local.errors import FailedStackError
from inlet_bridge.operations.records.open_counts import OpenCounts


class SourcesStack:
    """A stack of sources, which has other ones after an edit is deployed."""

    name = "inlet-bridge-local-sources"

    def __init__(self, before: set[str], after: set[str]) -> None:
        self.names, self._after = before, after
        self.reason = ""

    def physical_ids(self, resource_type: str) -> list[str]:
        """Those of connections begin with `to-`, and end with a generation."""
        if resource_type == "Custom::WebhookSource":
            names = (each for each in self.names if not each.startswith("to-"))
            return [f"inlet-bridge/local/sources/{each}" for each in names]
        names = (each for each in self.names if each.startswith("to-"))
        return [f"inlet-bridge/local/connections/{each}/0a1b" for each in names]

    def deploy(self, *_: object) -> None:
        if self.reason:
            raise FailedStackError(self.name, (self.reason,))
        self.names = self._after


class Waiting:
    """The deliveries table; `reads` counts how often it was read."""

    def __init__(self, counts: OpenCounts | None) -> None:
        self.counts, self.reads = counts, 0

    def waiting(self) -> OpenCounts | None:
        self.reads += 1
        return self.counts


class Cloud:
    """A cloud whose tables cannot be read."""

    def client(self, _: str) -> "Cloud":
        return self

    def query(self, **_: object) -> None:
        raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "Query")


def reported(
    before: set[str],
    after: set[str],
    waiting: Waiting,
    declared: set[str] | None = None,
    paused: tuple[str, ...] = (),
) -> list[str]:
    stack = SourcesStack(before, after)
    return deployed(stack, waiting, after if declared is None else declared, paused)


def deployed(
    stack: SourcesStack, waiting: Waiting, declared: set[str], paused: tuple[str, ...] = ()
) -> list[str]:
    none: Any = None
    parts: dict[str, Any] = dict.fromkeys(("adobe", "stack", "provisioner", "api", "logs"), none)
    stored = {f"sources/{name}/paused": "2026-11-24T12:00:00+00:00" for name in paused}
    parameters: Any = type("Parameters", (), {"below": staticmethod(lambda _: stored)})()
    bridge = Bridge(
        **parts, sources=cast("Any", stack), parameters=parameters, deliveries=cast("Any", waiting)
    )
    return bridge.deploy_sources("text", {}, declared)


def test_deleted_source_is_reported_with_what_waits_for_it() -> None:
    waiting = Waiting(OpenCounts(Counter(gone=3, stays=1), is_complete=True))

    names, said = reported({"gone", "stays", "idle"}, {"stays"}, waiting)

    assert names == "The file has no sources gone, idle any more: deleted."
    assert said == (
        "gone was deleted with 3 deliveries in the buffer. Each becomes a dead letter when it is"
        " tried, unless a source named gone is deployed again by then; after that,"
        " `inlet dead-letters redrive --source gone` sends its dead letters."
    )


def test_pause_ends_with_its_source() -> None:
    said = reported({"gone", "stays"}, {"stays"}, Waiting(None), paused=("gone", "stays"))

    assert said == [
        "The file has no source gone any more: deleted.",
        (
            "The pause of gone ended with it: a source named gone that is deployed again is not"
            " paused."
        ),
    ]


def test_number_that_is_not_complete_is_the_least() -> None:
    waiting = Waiting(OpenCounts(Counter(gone=1), is_complete=False))

    _, said = reported({"gone"}, set(), waiting)

    assert "gone was deleted with at least 1 delivery in the buffer." in said


def test_source_that_the_deployment_did_not_delete_is_not_reported() -> None:
    waiting = Waiting(OpenCounts(Counter(gone=3), is_complete=True))

    assert reported({"gone"}, {"gone"}, waiting, declared=set()) == []


def test_deployment_that_deletes_nothing_reads_no_table() -> None:
    waiting = Waiting(None)

    assert reported({"stays"}, {"stays", "new"}, waiting) == []
    assert waiting.reads == 0


@pytest.mark.parametrize("cloud", [Cloud()])
def test_table_that_cannot_be_read_reports_nothing(cloud: Any) -> None:
    unread = Deliveries(cloud, "deliveries").waiting()

    assert unread is None
    assert reported({"gone"}, set(), Waiting(unread)) == [
        "The file has no source gone any more: deleted."
    ]


def test_deleted_connection_is_named() -> None:
    said = reported({"gone", "to-adobe", "to-stay"}, {"to-stay"}, Waiting(None))

    assert said == ["The file has no source gone and no connection to-adobe any more: deleted."]


@pytest.mark.parametrize(
    ("source", "is_added"), [("shopify", True), ("new", False), ("old", False)]
)
def test_source_that_the_local_cloud_added_is_named_as_such(source: str, *, is_added: bool) -> None:
    stack = SourcesStack({"old"}, {"new"})
    stack.reason = f"Webhooks: Flows: source {source} still routes to flow events; keep it"

    with pytest.raises(FailedStackError) as caught:
        deployed(stack, Waiting(None), {"new"})
    [reason] = caught.value.reasons
    assert reason.startswith(stack.reason)
    way = "; the local cloud added shopify, which routes to flow events while it runs"
    assert (way in reason) is is_added
