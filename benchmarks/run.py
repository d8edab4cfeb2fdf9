"""Run all benchmarks."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import subjects
from benchmarks.artifacts import FUNCTIONS, LAYERS
from benchmarks.batches import measure_batches
from benchmarks.cold import measure_cold, profile_imports
from benchmarks.command import measure_command
from benchmarks.core import measure_core
from benchmarks.inspector import measure_inspector
from benchmarks.local_cloud import measure_local_cloud
from benchmarks.results import Results
from benchmarks.runtime import open_runtime
from benchmarks.sizes import size_of
from benchmarks.warm import back_to_back, measure_warm


@dataclass(frozen=True, slots=True)
class Extent:
    """The numbers of repetitions."""

    cold_rounds: int
    warm_blocks: int
    block_calls: int
    batch_rounds: int
    batch_calls: int
    core_rounds: int
    edits: int


FULL = Extent(11, 20, 100, 9, 5, 15, 5)
QUICK = Extent(2, 4, 25, 6, 2, 3, 2)


def measure(built: Path, folder: Path, extent: Extent, tell: Callable[[str], None]) -> Results:
    """Measure the built artifacts; the folder is for copies and logs."""
    began = time.monotonic()
    tell("core")
    core = measure_core(extent.core_rounds)
    tell("command")
    command = measure_command(extent.core_rounds)
    tell("inspector")
    inspector = measure_inspector(extent.core_rounds)
    tell("copies with and without bytecode")
    with open_runtime(built, folder) as runtime:
        cold = measure_cold(runtime, subjects.COLD, extent.cold_rounds, tell)
        tell("imports")
        imports = {subject.name: profile_imports(runtime, subject) for subject in subjects.PROFILED}
        blocks, calls = extent.warm_blocks, extent.block_calls
        warm = measure_warm(runtime, subjects.WARM, blocks, calls, tell)
        tell("warm calls without a pause")
        unpaused = measure_warm(
            runtime, subjects.BACK_TO_BACK, blocks // 2, calls, tell, schedule=back_to_back
        )
        shipped = runtime.artifacts.shipped
        sizes = {name: size_of(shipped / name) for name in (*LAYERS, *FUNCTIONS)}
        batches = measure_batches(
            runtime, subjects.BATCHES, extent.batch_rounds, extent.batch_calls, tell
        )
    tell("local cloud")
    local_cloud = measure_local_cloud(extent.edits)
    return Results(
        seconds=round(time.monotonic() - began, 1),
        cold=cold,
        warm=warm,
        unpaused=unpaused,
        batches=batches,
        core=core,
        command=command,
        local_cloud=local_cloud,
        inspector=inspector,
        imports=imports,
        sizes=sizes,
    )
