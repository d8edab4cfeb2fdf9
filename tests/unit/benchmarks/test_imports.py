"""Reading what `python -X importtime` says."""

from benchmarks.imports import Import, by_package, read_imports, tree

LOG = """\
import time: self [us] | cumulative | imported package
import time:       200 |        200 |     urllib3.util
import time:       300 |        500 |   urllib3
{"level":"INFO","message":"delivered"}
import time:      1000 |       1500 | requests
import time:        40 |         40 | json
import time:         5 |          5 | _bisect
import time:        70 |         70 | bridge.errors
import time:        30 |         30 | functions.receiver.handler
"""


def test_modules_are_read_with_their_depth_and_other_lines_are_not() -> None:
    first, *_, last = read_imports(LOG)

    assert first == Import("urllib3.util", 200, 200, 2)
    assert last == Import("functions.receiver.handler", 30, 30, 0)


def test_time_is_summed_by_package_and_the_standard_library_is_one() -> None:
    packages = by_package(read_imports(LOG))

    assert list(packages.items()) == [
        ("requests", 1.0),
        ("urllib3", 0.5),
        ("inlet bridge", 0.1),
        ("standard library", 0.045),
    ]


def test_in_the_tree_who_imports_stands_above_what_it_imports() -> None:
    lines = tree(read_imports(LOG), least_ms=0.2)

    assert [line.split()[-1] for line in lines] == ["requests", "urllib3", "urllib3.util"]
    assert lines[2].startswith("     0.2      0.2      urllib3.util")
