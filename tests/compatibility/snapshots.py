"""The folders of samples, one per released version."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pytest

from bridge.adapters.aws import ingestion_records, waiting_records
from bridge.delivery import partitions
from inlet_bridge.operations.records import table
from inlet_bridge.operations.replay import failed
from tests.compatibility import others, stored
from tests.compatibility.installation import Installation, installation

ROOT: Final = Path(__file__).parent
HASHES: Final = ROOT / "released.json"
"""The SHA-256 of each file of a released version, which never changes."""

REQUESTS: Final = "requests"
ABOUT: Final = "about"
# Of ids that an installation makes after it was put back: none is one of the samples.
_LATER_SEED: Final = 7


@dataclass(frozen=True)
class Snapshot:
    """The samples of one version."""

    folder: Path

    @property
    def version(self) -> str:
        """Such as `0.1.0`."""
        return self.folder.name

    def read(self, name: str) -> Any:
        """One document."""
        return json.loads((self.folder / f"{name}.json").read_text("utf-8"))

    def has(self, name: str) -> bool:
        """Whether there is a document."""
        return (self.folder / f"{name}.json").exists()

    @cached_property
    def stored(self) -> Mapping[str, Any]:
        """What is stored at AWS."""
        return {name: self.read(name) for name in stored.NAMES}

    @property
    def taken_at(self) -> datetime:
        """The time at which everything was stored."""
        return datetime.fromisoformat(self.read(ABOUT)["taken_at"])

    @contextmanager
    def opened(self) -> Iterator[Installation]:
        """An installation with these samples, a moment after they were taken."""
        with pytest.MonkeyPatch.context() as monkeypatch:
            later = installation(monkeypatch, self.taken_at, seed=_LATER_SEED)
            with later as opened:
                stored.put_back(opened, self.stored)
                self._ask_for_few_shards(monkeypatch)
                others.put_adobe_back(opened.cloud.adobe, self.read("adobe"))
                others.put_vendors_back(opened.vendors, self.read("vendors"))
                yield opened

    def _ask_for_few_shards(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Query only the shards of the index that the samples use: moto takes 10 ms for each."""
        items = self.stored[stored.DELIVERIES]
        used = {each["open_shard"]["S"] for each in items if "open_shard" in each}
        shards = [each for each in partitions.open_shards() if each in used]
        for module in (table, failed, ingestion_records, waiting_records):
            monkeypatch.setattr(module, "open_shards", lambda: shards)


def released() -> list[Snapshot]:
    """All versions, oldest first."""
    folders = (each for each in ROOT.iterdir() if (each / f"{ABOUT}.json").exists())
    return sorted(map(Snapshot, folders), key=_order)


def hashes(snapshot: Snapshot) -> dict[str, str]:
    """The hash of each file of a version."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(snapshot.folder.iterdir())
    }


def write(folder: Path, documents: Mapping[str, Any]) -> None:
    """Write documents, readable and always in the same form."""
    folder.mkdir(exist_ok=True)
    for name, document in documents.items():
        text = json.dumps(document, ensure_ascii=False, indent=1)
        (folder / f"{name}.json").write_text(f"{text}\n", "utf-8")


def documents_of(opened: Installation, version: str) -> dict[str, Any]:
    """The documents of an installation at this time."""
    return {
        ABOUT: {"version": version, "taken_at": opened.time.moment.isoformat()},
        **stored.take(opened),
        "adobe": others.take_adobe(opened.cloud.adobe),
        "vendors": others.take_vendors(opened.vendors),
    }


def _order(snapshot: Snapshot) -> list[int]:
    return [int(part) for part in snapshot.version.split(".")]
