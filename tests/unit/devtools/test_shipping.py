"""What is shipped: bytecode that is never checked, and no model that nobody uses."""

import hashlib
import marshal
import re
import subprocess
import sys
from pathlib import Path

import pytest

from devtools.shipping import SERVICES, ship

ROOT = Path(__file__).parents[3]
# PEP 552: hash-based, and not to be checked.
UNCHECKED_HASH = (1).to_bytes(4, "little")


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """A function and a layer as `sam build` leaves them."""
    build = tmp_path / "build"
    files = {
        "ReceiverFunction/functions/receiver/handler.py": "def lambda_handler(): ...\n",
        "DependenciesLayer/python/library/__init__.py": "word = 'shipped'\nkinds = {'a', 'b'}\n",
        "DependenciesLayer/python/botocore/data/ssm/2014-11-06/service-2.json.gz": "",
        "DependenciesLayer/python/botocore/data/ec2/2016-11-15/service-2.json.gz": "",
        "DependenciesLayer/python/botocore/data/endpoints.json": "{}",
        "template.yaml": "",
    }
    for name, text in files.items():
        path = build / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return build


def bytecode(build: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(build)): path.read_bytes() for path in sorted(build.rglob("*.pyc"))
    }


def test_every_source_has_bytecode_that_is_not_held_against_it(build: Path) -> None:
    ship(build)

    written = bytecode(build)
    assert set(written) == {
        "ReceiverFunction/functions/receiver/__pycache__/handler.cpython-313.pyc",
        "DependenciesLayer/python/library/__pycache__/__init__.cpython-313.pyc",
    }
    assert all(content[4:8] == UNCHECKED_HASH for content in written.values())


def test_tracebacks_name_the_files_where_lambda_has_them(build: Path) -> None:
    ship(build)

    names = [
        marshal.loads(content[16:]).co_filename  # noqa: S302 (ours)
        for content in bytecode(build).values()
    ]
    assert sorted(names) == [
        "/opt/python/library/__init__.py",
        "/var/task/functions/receiver/handler.py",
    ]


def test_bytecode_is_used_without_a_look_at_the_source(build: Path) -> None:
    ship(build)
    library = build / "DependenciesLayer/python/library/__init__.py"
    library.write_text("word = 'compiled again'\n")

    program = [sys.executable, "-I", "-c", "import sys; sys.path.append(sys.argv[1]);"]
    program[-1] += "import library; print(library.word)"
    said = subprocess.run(  # noqa: S603 (this interpreter)
        [*program, str(library.parents[1])], capture_output=True, check=True, text=True
    )
    assert said.stdout == "shipped\n"


def test_two_builds_in_two_places_are_equal_byte_for_byte(build: Path, tmp_path: Path) -> None:
    other = tmp_path / "somewhere" / "else"
    other.parent.mkdir()
    subprocess.run(["cp", "-r", str(build), str(other)], check=True)  # noqa: S603, S607
    ship(build)
    ship(other)

    first, second = (
        {name: hashlib.sha256(content).hexdigest() for name, content in bytecode(place).items()}
        for place in (build, other)
    )
    assert first == second


def test_models_of_services_that_nobody_calls_are_left_out(build: Path) -> None:
    ship(build)

    data = build / "DependenciesLayer/python/botocore/data"
    assert sorted(path.name for path in data.iterdir()) == ["endpoints.json", "ssm"]


def test_every_service_that_the_code_calls_keeps_its_model() -> None:
    sources = [*(ROOT / "functions").rglob("*.py"), *(ROOT / "layers/bridge").rglob("*.py")]
    called = {
        service
        for path in sources
        for service in re.findall(r'(?:client|resource)\("([a-z0-9-]+)"', path.read_text())
    }

    assert "ssm" in called
    assert called <= SERVICES
