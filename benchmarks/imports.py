"""Import times, from the output of `python -X importtime`."""

import re
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

_LINE = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \| ( *)(\S+)")
OWN = ("bridge", "functions")


@dataclass(frozen=True, slots=True)
class Import:
    """One module, listed after the modules that it imports.

    Attributes:
        own, total: microseconds, without and with the modules that it imports.
        depth: in the import tree, from 0.
    """

    module: str
    own: int
    total: int
    depth: int


def read_imports(text: str) -> list[Import]:
    """The imports in the order in which they ended."""
    return [
        Import(module, int(own), int(total), len(indent) // 2)
        for own, total, indent, module in _LINE.findall(text)
    ]


def by_package(imports: Iterable[Import]) -> dict[str, float]:
    """Milliseconds per package, the standard library as one; the most expensive first."""
    spent: Counter[str] = Counter()
    for found in imports:
        package = found.module.partition(".")[0]
        spent[_part(package)] += found.own
    return {package: own / 1000 for package, own in spent.most_common()}


def tree(imports: Iterable[Import], least_ms: float) -> list[str]:
    """The tree as lines, importers before their imports, without fast ones."""
    lines: list[str] = []
    for found in reversed(list(imports)):
        if found.total >= least_ms * 1000:
            name = "  " * found.depth + found.module
            lines.append(f"{found.total / 1000:8.1f} {found.own / 1000:8.1f}  {name}")
    return lines


def _part(package: str) -> str:
    if package in OWN:
        return "inlet bridge"
    if package == "benchmarks":
        return "handler"
    if package in {"awslambdaric", "runtime_client", "simplejson", "snapshot_restore_py"}:
        return "runtime"
    known = package in sys.stdlib_module_names or package.startswith(("_", "encodings"))
    return "standard library" if known else package
