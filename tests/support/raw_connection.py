"""The declaration of a connection for raw data."""

from typing import Any

from tests.support.declarations import (
    connection,
    flow,
)


def raw(*sources: str, **more: str) -> dict[str, Any]:
    """Return a raw-data connection with a mapping for each source, or with an existing set."""
    mappings = [{"Source": each, "Destination": f"_tenant.{each}"} for each in sources]
    return connection(flow(Mappings=mappings, **more), DataType="raw")
