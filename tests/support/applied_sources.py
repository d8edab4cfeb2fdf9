"""Apply the declaration of a source to a connection that exists."""

from typing import Any

from tests.support.declarations import STACK, connection, source
from tests.support.provisioning_bench import Bench

OWNER = f"{STACK}/GithubSource"
DOCUMENT = "/inlet-bridge/test/sources/github"


def bench_with_connection() -> Bench:
    """A bench whose connection `orders` exists; no call to Adobe has been counted."""
    bench = Bench()
    bench.apply(connection(), OWNER)
    bench.adobe.calls.clear()
    return bench


def apply(bench: Bench, **properties: Any) -> bool:
    """Apply the source `github`; return whether anything changed."""
    return bench.provisioner().sources.apply(source(**properties), OWNER)[1]
