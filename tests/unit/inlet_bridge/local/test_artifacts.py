"""Tests of the build for the local cloud."""

import os
import sys
import zipfile
from pathlib import Path

import pytest

from inlet_bridge.local import artifacts
from inlet_bridge.local.artifacts import archive, build
from inlet_bridge.local.errors import LocalCloudError

TEXT = """\
Resources:
  Layer:
    Type: AWS::Serverless::LayerVersion
    Properties: {ContentUri: layer}
  Function:
    Type: AWS::Serverless::Function
    Metadata: {BuildProperties: {ParentPackages: functions.one}}
    Properties: {CodeUri: functions/one}
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    for path in ("project/layer/bridge/a.py", "project/functions/one/handler.py"):
        file = tmp_path / path
        file.parent.mkdir(parents=True)
        file.write_text("A = 1\n")
    file = tmp_path / "project" / "template.yaml"
    file.write_text(TEXT)
    return file


@pytest.fixture
def builds(tmp_path: Path) -> Path:
    return tmp_path / "builds"


def modules(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*.py")}


def test_folders_are_laid_out_as_lambda_unpacks_them(template: Path, builds: Path) -> None:
    built = build(template, builds)

    assert modules(built.parent / "Layer") == {"python/bridge/a.py"}
    assert modules(built.parent / "Function") == {"functions/one/handler.py"}
    assert "{ContentUri: Layer}" in built.read_text()
    assert "{CodeUri: Function}" in built.read_text()


def test_archive_has_the_files_and_their_bytecode(template: Path, builds: Path) -> None:
    built = build(template, builds)

    with zipfile.ZipFile(archive(built.parent / "Function")) as file:
        names = file.namelist()
    assert "functions/one/handler.py" in names
    assert any(name.endswith(".pyc") for name in names)


def test_equal_content_is_built_once(template: Path, builds: Path) -> None:
    first = build(template, builds)
    made = first.stat().st_ino
    os.utime(template.parent / "layer" / "bridge" / "a.py", (1, 1))

    assert build(template, builds) == first
    assert first.stat().st_ino == made


@pytest.mark.parametrize(
    "changed", ["template.yaml", "layer/bridge/a.py", "functions/one/handler.py"]
)
def test_changed_content_is_built_again(template: Path, builds: Path, changed: str) -> None:
    first = build(template, builds)
    file = template.parent / changed
    file.write_text(file.read_text() + "# changed\n")

    assert build(template, builds) != first


def test_edit_of_a_function_builds_no_layer(template: Path, builds: Path) -> None:
    before = build(template, builds).parent
    handler = template.parent / "functions" / "one" / "handler.py"
    handler.write_text("A = 2\n")

    after = build(template, builds).parent

    assert (after / "Layer").samefile(before / "Layer")
    assert archive(after / "Layer").samefile(archive(before / "Layer"))
    assert not (after / "Function").samefile(before / "Function")
    assert (after / "Function" / "functions" / "one" / "handler.py").read_text() == "A = 2\n"


def test_moved_file_is_built_again(template: Path, builds: Path) -> None:
    first = build(template, builds)
    file = template.parent / "layer" / "bridge" / "a.py"
    (file.parent / "sub").mkdir()
    file.rename(file.parent / "sub" / "a.py")

    assert build(template, builds) != first


def test_equal_code_has_equal_archives(template: Path, builds: Path, tmp_path: Path) -> None:
    one = archive(build(template, builds).parent / "Layer")
    two = archive(build(template, tmp_path / "others").parent / "Layer")

    assert one.read_bytes() == two.read_bytes()


def test_only_the_latest_builds_are_kept(template: Path, builds: Path) -> None:
    made = []
    for number in range(4):
        template.write_text(f"{TEXT}# {number}\n")
        made.append(build(template, builds))

    assert [path.exists() for path in made] == [False, True, True, True]
    assert len(parts(builds)) == 2


def test_functions_and_layers_of_removed_builds_are_removed(template: Path, builds: Path) -> None:
    handler = template.parent / "functions" / "one" / "handler.py"
    made = []
    for number in range(4):
        handler.write_text(f"A = {number}\n")
        made.append(build(template, builds))

    assert [(path.parent / "Function").exists() for path in made] == [False, True, True, True]
    assert len(parts(builds)) == 4


def parts(builds: Path) -> list[Path]:
    """The folders of functions and layers that are kept; each has an archive."""
    kept = [*(builds / "parts").iterdir()]
    folders = [path for path in kept if path.is_dir()]
    assert {*kept} == {*folders, *map(archive, folders)}
    return folders


def test_missing_folder_is_named_and_leaves_no_build(template: Path, builds: Path) -> None:
    template.write_text(TEXT.replace("functions/one", "functions/two"))

    for _ in range(2):
        with pytest.raises(LocalCloudError, match=r"Function: the folder .*two does not exist"):
            build(template, builds)


def test_requirements_without_a_hash_are_not_installed(template: Path, builds: Path) -> None:
    (template.parent / "layer" / "requirements.txt").write_text("requests==2.32.3\n")

    with pytest.raises(LocalCloudError, match=r"uv cannot install .*requirements\.txt: .*hash"):
        build(template, builds)


def test_temporary_files_of_the_installation_are_deleted(
    template: Path, builds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Uv leaves the lock of an environment where its temporary files are."""
    uv, seen = tmp_path / "uv", tmp_path / "seen"
    code = "import tempfile, pathlib"
    code += f"; pathlib.Path({str(seen)!r}).write_text(tempfile.mkstemp()[1])"
    uv.write_text(f"#!{sys.executable}\n{code}\n")
    uv.chmod(0o700)
    monkeypatch.setattr(artifacts, "UV", uv)
    (template.parent / "layer" / "requirements.txt").write_text("")
    built = build(template, builds)

    assert Path(seen.read_text()).is_relative_to(builds)
    assert not Path(seen.read_text()).exists()
    assert {path.name for path in (built.parent / "Layer").iterdir()} == {"python"}
