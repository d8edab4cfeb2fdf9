"""The built functions and layers are importable and contain nothing else."""

import json
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from inlet_bridge.local.artifacts import build
from inlet_bridge.local.workspace import TEMPLATE
from tests.support.built_artifacts import Built, built, files, megabytes, shipped
from tests.support.sam_template import ROOT, functions
from tests.support.waiting import MAX_SECONDS

FUNCTIONS = list(functions())
TOOLS = ("adobe_emulator", "benchmarks", "devtools", "inlet_bridge", "tests")
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: function with layers.
MOST_MEGABYTES = 250

PROGRAM = """
    import json, os, sys

    # The environment cannot be given empty: Python itself adds the locale's variables.
    os.environ.clear()
    path, handler = json.loads(sys.argv[1])
    sys.path[:0] = path
    module, _, name = handler.rpartition(".")
    handler = getattr(__import__(module, fromlist=[name]), name)
    outside = {
        file
        for loaded in list(sys.modules.values())
        if (file := getattr(loaded, "__file__", None))
        and not file.startswith((*path, sys.base_prefix))
    }
    print(json.dumps({"callable": callable(handler), "outside": sorted(outside)}))
"""


@pytest.fixture(scope="module")
def artefacts(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return built(tmp_path_factory)


OF_AN_INSTALLATION = re.compile(r"\.dist-info/|\.data/scripts/|^python/(bin/|\.lock$)")


def test_local_cloud_gets_the_same_files(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """`inlet up` builds with uv; what differs is what an installer says of itself."""
    local, expected = Built(build(TEMPLATE, tmp_path).parent), shipped(tmp_path_factory)

    for name in (*FUNCTIONS, "BridgeLayer", "DependenciesLayer"):
        made, wanted = code(local.function(name)), code(expected.function(name))
        # Names alone: a comparison of contents would print megabytes.
        different = {
            each for each in made.keys() | wanted.keys() if made.get(each) != wanted.get(each)
        }
        assert sorted(different) == []


def code(folder: Path) -> dict[str, bytes]:
    """The files by their paths, without those of an installation."""
    return {
        name: (folder / name).read_bytes()
        for name in files(folder)
        if not OF_AN_INSTALLATION.search(name)
    }


def run_alone(path: list[str], handler: str) -> subprocess.CompletedProcess[str]:
    """Import a handler with nothing but these folders and the standard library."""
    return subprocess.run(  # noqa: S603
        [
            *(sys.executable, "-I", "-S", "-B", "-c", textwrap.dedent(PROGRAM)),
            json.dumps([path, handler]),
        ],
        env={},
        cwd="/",
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=MAX_SECONDS,
    )


@pytest.mark.parametrize("name", FUNCTIONS)
def test_function_imports_with_its_layers_alone_without_environment_or_credentials(
    artefacts: Built, name: str
) -> None:
    done = run_alone(artefacts.path_of(name), functions()[name]["Handler"])

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {"callable": True, "outside": []}


@pytest.mark.parametrize("layer", ["BridgeLayer", "DependenciesLayer"])
def test_without_a_layer_a_function_would_not_import(artefacts: Built, layer: str) -> None:
    path = [part for part in artefacts.path_of("ReceiverFunction") if f"/{layer}/" not in part]

    done = run_alone(path, functions()["ReceiverFunction"]["Handler"])
    assert done.returncode != 0
    assert "ModuleNotFoundError" in done.stderr


@pytest.mark.parametrize("name", FUNCTIONS)
def test_function_is_its_folder_and_nothing_else(artefacts: Built, name: str) -> None:
    folder = functions()[name]["CodeUri"]

    shipped = files(artefacts.function(name))
    wanted = {f"{folder}/{path.name}" for path in (ROOT / folder).glob("*.py")}
    assert shipped - {"functions/__init__.py"} == wanted


def test_bridge_layer_is_the_package_and_nothing_else(artefacts: Built) -> None:
    package = ROOT / "layers" / "bridge"
    wanted = {f"python/{file}" for file in files(package) if file.startswith("bridge/")}

    shipped = files(artefacts.layer("BridgeLayer"))
    assert shipped - wanted <= {"python/requirements.txt"}
    assert shipped >= wanted
    assert "python/bridge/verification/catalogue.json" in shipped


def test_nothing_of_the_tools_the_tests_or_the_documents_is_shipped(artefacts: Built) -> None:
    folders = [*map(artefacts.function, FUNCTIONS), artefacts.layer("BridgeLayer")]
    ours = {part for folder in folders for file in files(folder) for part in Path(file).parts}

    assert ours.isdisjoint({*TOOLS, "docs", "events", "README.md", "template.yaml"})
    dependencies = {Path(file).parts[1] for file in files(artefacts.layer("DependenciesLayer"))}
    assert dependencies.isdisjoint({*TOOLS, "docs", "bridge", "functions", "moto"})


def test_dependencies_are_those_of_the_lock_file_in_their_versions(artefacts: Built) -> None:
    lines = (ROOT / "layers" / "dependencies" / "requirements.txt").read_text().splitlines()
    locked = {
        tuple(line.partition(" ")[0].split("=="))
        for line in lines
        if "==" in line.partition(" ")[0]
    }

    installed = set()
    for metadata in artefacts.layer("DependenciesLayer").glob("python/*.dist-info"):
        name, _, version = metadata.name.removesuffix(".dist-info").rpartition("-")
        installed.add((name.lower().replace("_", "-"), version))
    assert installed == locked


@pytest.mark.parametrize("name", FUNCTIONS)
def test_function_with_its_layers_fits_into_lambda(artefacts: Built, name: str) -> None:
    layers = [artefacts.layer(layer) for layer in ("BridgeLayer", "DependenciesLayer")]

    assert sum(map(megabytes, (artefacts.function(name), *layers))) < MOST_MEGABYTES
