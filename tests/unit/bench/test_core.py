"""What is measured of the core does its job once, so that no refusal is timed."""

from tools.bench import core


def test_every_part_is_measured_at_every_size() -> None:
    times = core.measure_core(rounds=1)

    assert {"bare hmac", "verify stripe", "verify token", "envelope"} <= set(times)
    assert all(set(by_size) == set(core.SIZES) for by_size in times.values())
    assert all(
        len(found) == 1 and found[0] > 0 for sizes in times.values() for found in sizes.values()
    )
