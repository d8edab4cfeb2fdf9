"""`make bench`: run all benchmarks and write the results."""

import argparse
import time

from benchmarks.artifacts import build
from benchmarks.imports import tree
from benchmarks.results import Results
from benchmarks.run import FULL, QUICK, measure
from benchmarks.tables import report
from inlet_bridge.local.workspace import LOCAL, building, run_folder

_TARGET = LOCAL / "bench"
_LEAST_TREE_MS = 1.0


def main() -> None:
    """Measure, and write tables and all values below `.local/bench`."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, under two minutes")
    extent = QUICK if parser.parse_args().quick else FULL
    _TARGET.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()

    def tell(step: str) -> None:
        print(f"{time.monotonic() - began:5.0f} s  {step}", flush=True)

    with building() as folder:
        tell("sam build")
        results = measure(build(folder), run_folder(), extent, tell)
    _write(results)
    print(f"\n{report(results)}\nThe files are in {_TARGET}.")


def _write(results: Results) -> None:
    results.write(_TARGET / "results.json")
    (_TARGET / "tables.md").write_text(report(results), encoding="utf-8")
    for name, imports in results.imports.items():
        lines = "\n".join(["   total      own  module", *tree(imports, _LEAST_TREE_MS), ""])
        (_TARGET / f"imports of {name}.txt").write_text(lines, encoding="utf-8")


if __name__ == "__main__":
    main()
