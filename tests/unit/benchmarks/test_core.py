"""What is measured of the core does its job once, so that no refusal is timed."""

from typing import Any

import pytest

from benchmarks import core
from bridge.verification.schemes import MacScheme
from bridge.verification.verify import verify
from bridge.webhook import Webhook


def test_every_part_is_measured_at_every_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, "_BATCH_SECONDS", 1e-6)  # One call of each.
    times = core.measure_core(rounds=1)

    assert {"bare hmac", "verify stripe", "verify token", "envelope"} <= set(times)
    assert all(set(by_size) == set(core.SIZES) for by_size in times.values())
    assert all(
        len(found) == 1 and found[0] > 0 for sizes in times.values() for found in sizes.values()
    )


@pytest.mark.parametrize("name", core.MAC_PRESETS)
@pytest.mark.parametrize("size", core.SIZES)
def test_body_has_the_size_that_it_is_measured_for(
    name: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it is sent; and no two in a row are the same, or the second would not be read."""
    bodies: list[bytes] = []

    def watched(scheme: MacScheme, webhook: Webhook, *rest: Any) -> None:
        bodies.append(webhook.body)
        verify(scheme, webhook, *rest)

    monkeypatch.setattr(core, "verify", watched)
    job = core.verification(name, size)
    job()
    job()

    assert all(size * 0.9 < len(body) <= size for body in bodies)
    assert len(set(bodies)) == 2
