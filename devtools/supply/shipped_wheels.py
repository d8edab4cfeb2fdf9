"""Find the wheel of each distribution in a built layer."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.parser import HeaderParser
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

from packaging.tags import Tag, parse_tag
from packaging.utils import canonicalize_name, parse_wheel_filename

from devtools.supply.errors import SupplyError


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel that uv.lock allows.

    Attributes:
        sha256: in hex.
    """

    name: str
    version: str
    url: str
    sha256: str

    @property
    def filename(self) -> str:
        """The file name on the index."""
        return self.url.rpartition("/")[2]


def shipped_in(layer: Path, locked: Mapping[str, Any]) -> dict[str, Wheel]:
    """The wheel of each distribution in a layer, by name.

    Raises:
        SupplyError: a distribution, or its build for this processor, is not in the lock.
    """
    components = {component["name"]: component for component in locked["components"]}
    found = {}
    for distribution in distributions(path=[str(layer / "python")]):
        name, version = canonicalize_name(distribution.name), distribution.version
        component = components.get(name)
        if component is None or component["version"] != version:
            raise SupplyError(f"{name} {version} is shipped but not locked")
        found[name] = _wheel(distribution, component)
    return dict(sorted(found.items()))


def _wheel(distribution: Distribution, component: Mapping[str, Any]) -> Wheel:
    """Match a wheel by its tags, which are in its file name and expanded in its WHEEL file."""
    tags = _tags(distribution)
    for reference in component["externalReferences"]:
        sha256 = reference["hashes"][0]["content"]
        wheel = Wheel(component["name"], component["version"], reference["url"], sha256)
        if wheel.filename.endswith(".whl") and parse_wheel_filename(wheel.filename)[3] == tags:
            return wheel
    supported = ", ".join(sorted(map(str, tags)))
    raise SupplyError(f"{component['name']} {component['version']} for {supported} is not locked")


def _tags(distribution: Distribution) -> frozenset[Tag]:
    lines = HeaderParser().parsestr(distribution.read_text("WHEEL") or "").get_all("Tag", [])
    return frozenset(tag for line in lines for tag in parse_tag(line))
