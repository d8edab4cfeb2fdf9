"""Webhooks of a source count for a flow only if that is certain."""

import pytest

from inlet_bridge.operations.ingestion.flow_counts import flow_counts
from tests.support.sample_webhooks import routed

COUNTS = {
    "github": {"Accepted": 20, "Delivered": 12},
    "stripe": {"Accepted": 5, "Delivered": 3},
}
GITHUB = COUNTS["github"]
BOTH = {"Accepted": 25, "Delivered": 15}


@pytest.mark.parametrize(
    ("flows", "expected"),
    [
        ({"github": "events", "stripe": "orders"}, GITHUB),
        ({"github": "events", "stripe": "events"}, BOTH),
        ({"github": "events events", "stripe": "orders"}, GITHUB),
        ({"github": "events", "slack": "events"}, GITHUB),
        ({"slack": "events"}, {}),
        ({"github": "events", "stripe": "events orders"}, None),
        ({"github": "events orders", "stripe": "events"}, None),
        ({"github": "orders"}, None),
    ],
)
def test_counts_of_a_flow(flows: dict[str, str], expected: dict[str, int] | None) -> None:
    sources = [routed(name, "webhooks", *targets.split()) for name, targets in flows.items()]

    assert flow_counts(sources, COUNTS).get("webhooks/events") == expected


def test_flows_of_the_same_name_belong_to_their_connections() -> None:
    sources = [routed("github", "webhooks", "events"), routed("stripe", "others", "events")]

    assert flow_counts(sources, COUNTS) == {
        "webhooks/events": GITHUB,
        "others/events": COUNTS["stripe"],
    }
