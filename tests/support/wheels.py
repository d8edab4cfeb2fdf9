"""Wheels of a library, a lock file with their hashes, and the layer built from one."""

import hashlib
from pathlib import Path
from typing import Any
from zipfile import ZipFile

TAGS = {
    "aarch64": "cp313-cp313-manylinux_2_28_aarch64",
    "x86_64": "cp313-cp313-manylinux_2_28_x86_64",
}
FILES = {"library/__init__.py": "word = 'genuine'\n"}
INDEX = "https://files.pythonhosted.org/packages"


def wheel(folder: Path, machine: str, name: str = "library", version: str = "1.0") -> Path:
    """A wheel with one module for one architecture."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{version}-{TAGS[machine]}.whl"
    info = f"{name}-{version}.dist-info"
    with ZipFile(path, "w") as archive:
        for file, text in FILES.items():
            archive.writestr(file, text)
        archive.writestr(f"{name}-{version}.data/purelib/{name}_more.py", "more = True\n")
        archive.writestr(f"{info}/METADATA", f"Name: {name}\nVersion: {version}\n")
        archive.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nTag: {TAGS[machine]}\n")
    return path


def layer(folder: Path, source: Path) -> Path:
    """The layer that `sam build` makes from a wheel."""
    target = folder / "DependenciesLayer" / "python"
    with ZipFile(source) as archive:
        archive.extractall(target)
    (data,) = target.glob("*.data")
    for path in (data / "purelib").iterdir():
        path.rename(target / path.name)
    (target / "requirements.txt").write_text("library==1.0\n")
    return target.parent


def lock(*files: Path, name: str = "library", version: str = "1.0") -> dict[str, Any]:
    """The output of `uv export`: the library, and one that only other systems need."""
    component = {
        "type": "library",
        "bom-ref": f"{name}-1@{version}",
        "name": name,
        "version": version,
        "externalReferences": [
            {
                "type": "distribution",
                "url": f"{INDEX}/{file.name}",
                "hashes": [{"alg": "SHA-256", "content": sha256(file)}],
            }
            for file in files
        ],
    }
    other = {"bom-ref": "colorama-2@0.4", "name": "colorama", "version": "0.4"}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": "urn:uuid:21e4ea31-e844-4134-9231-bf04b0942ec2",
        "metadata": {
            "timestamp": "2026-11-26T18:06:41Z",
            "component": {"bom-ref": "project", "name": "project"},
        },
        "components": [component, other],
        "dependencies": [
            {"ref": "project", "dependsOn": [f"{name}-1@{version}"]},
            {"ref": f"{name}-1@{version}", "dependsOn": ["colorama-2@0.4"]},
            {"ref": "colorama-2@0.4"},
        ],
    }


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
