"""`python -m benchmarks.rate`: many webhooks a second for one source.

Execution environments of the built receiver, a stub of AWS and the inlet that counts requests, and
a process that sends signed webhooks, each with its own ID. How many a second are answered depends
on the machine; the processor time and the calls for each do not depend on other load.
"""

import argparse
import json
from collections.abc import Mapping
from contextlib import ExitStack

from benchmarks.artifacts import build
from benchmarks.flood import clients, environments
from benchmarks.processes import cpu_ms
from benchmarks.runtime import open_runtime
from inlet_bridge.local.workspace import building, run_folder

_WRITES = ("PutItem", "UpdateItem", "BatchWriteItem")


def main() -> None:
    """Measure and print the results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rate", description=__doc__)
    parser.add_argument("--rate", type=float, default=2_000, help="webhooks per second")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--environments", type=int, default=2)
    given = parser.parse_args()
    with ExitStack() as stack:
        built = build(stack.enter_context(building()))
        runtime = stack.enter_context(open_runtime(built, run_folder()))
        served = stack.enter_context(environments(runtime, given.environments))
        before = sum(cpu_ms(each.pid) for each in served)
        sending = clients("genuine", [each.port for each in served], given.rate, given.seconds)
        with sending:
            printed = json.loads(sending.communicate()[0])
        spent = sum(cpu_ms(each.pid) for each in served) - before
        print(summary(printed["statuses"], printed["seconds"], spent, runtime.calls(), given.rate))


def summary(
    statuses: Mapping[str, int],
    seconds: float,
    spent_ms: float,
    calls: Mapping[str, int],
    wanted: float,
) -> str:
    """The results as text.

    Args:
        statuses: responses by status.
        seconds: of the whole run.
        spent_ms: processor time of all environments, with their cold starts.
        calls: to AWS and Adobe, by operation.
        wanted: webhooks per second that were to be sent.
    """
    total = sum(statuses.values())
    each = spent_ms / total
    writes = sum(calls.get(name, 0) for name in _WRITES) / total
    processors, units = wanted * each / 1_000, wanted * writes
    lines = (
        f"responses {dict(statuses)} in {seconds:.0f} s, {total / seconds:,.0f}/s",
        f"calls     {dict(calls)}",
        f"CPU       {each:.2f} ms a webhook: {wanted:,.0f}/s take {processors:.1f} processors",
        f"table     {writes:.2f} writes a webhook: {wanted:,.0f}/s are {units:,.0f} write units/s",
    )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
