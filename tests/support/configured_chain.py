"""A connection and its sources as the provisioner records them in SSM."""

from datetime import UTC, datetime
from typing import Final

import boto3

from bridge.provisioning.chain.journal_entry import CLOSED
from tests.support.sample_webhooks import routed

BASE: Final = "11111111-aaaa-4bbb-8ccc-000000000001"
INLET: Final = "0123456789abcdef" * 4
FLOW: Final = "22222222-aaaa-4bbb-8ccc-000000000004"
DATASET: Final = "5f0000000000000000000001"


def put(name: str, value: str) -> None:
    """Write a parameter of the stage `dev`."""
    boto3.client("ssm").put_parameter(
        Name=f"/inlet-bridge/dev/{name}", Value=value, Type="String", Overwrite=True
    )


def put_chain(
    *, connection: str = "webhooks", ready_at: datetime = datetime(2026, 1, 1, tzinfo=UTC)
) -> None:
    """Record a connection with the flow `events`, and the source github that leads to it."""
    values = {
        "org_id": "0A@AdobeOrg",
        "sandbox": "development",
        "source_id": "inlet",
        "authenticated": "true",
        "data_type": "xdm",
        "journal": CLOSED,
        "base_connection_id": BASE,
        "inlet_id": INLET,
        "inlet_url": f"https://dcs.adobedc.net/collection/{INLET}",
        "flows/events/dataset_id": DATASET,
        "flows/events/schema_id": "https://ns.adobe.com/tenant/schemas/1",
        "flows/events/source_connection_id": "22222222-aaaa-4bbb-8ccc-000000000002",
        "flows/events/target_connection_id": "22222222-aaaa-4bbb-8ccc-000000000003",
        "flows/events/flow_id": FLOW,
        "flows/events/ready_at": ready_at.isoformat(),
    }
    for name, value in values.items():
        put(f"connections/{connection}/{name}", value)
    put("sources/github", routed("github", connection, "events").to_document())
