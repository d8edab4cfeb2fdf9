"""A run of a replay: its ID, what it selects and how far it is, in a file of this machine."""

import json
import os
import re
import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

from bridge.delivery.record import Key
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.replay.outcomes import Outcome, Tally

# The time at which the run began, in UTC and milliseconds, and random digits. It is part of the
# name of a file.
_ID: Final = re.compile(r"(\d{8}T\d{9})Z-[0-9a-f]{6}")
_VERSION: Final = 1
type Kind = Literal["replay", "failed"]


@dataclass(frozen=True, slots=True)
class Selection:
    """What is sent again, and where to.

    Attributes:
        source: its name; empty for failed records of all sources.
        since, until: of the receipt, or of the failure; None is any time.
        delivery_id: only this delivery.
        where: an expression that has to be true; empty is any.
        reason: text that the reason of a failure contains.
        to: `{connection}/{flow}`; empty for the routes of the source.
    """

    source: str = ""
    since: datetime | None = None
    until: datetime | None = None
    delivery_id: str = ""
    where: str = ""
    reason: str = ""
    to: str = ""


@dataclass(slots=True)
class Run:
    """One run.

    Attributes:
        position: time of receipt and key of the last webhook all of whose deliveries are settled.
        pending: the deliveries whose records may be open while their messages are not in the
            buffer yet.
    """

    run_id: str
    kind: Kind
    stack: str
    selection: Selection
    rate: float
    position: tuple[datetime, str] | None = None
    pending: tuple[Key, ...] = ()
    tally: Tally = field(default_factory=Tally)

    @property
    def started_at(self) -> datetime:
        """When it began."""
        return started_at(self.run_id)


def new_id(now: datetime) -> str:
    """The ID of a run that begins now; it names the time."""
    text = now.astimezone(UTC).strftime("%Y%m%dT%H%M%S%f")[:-3]
    return f"{text}Z-{secrets.token_hex(3)}"


def started_at(run_id: str) -> datetime:
    """When a run began, by its ID, to a millisecond. Raises OperationError."""
    found = _ID.fullmatch(run_id)
    try:
        if found:
            return datetime.strptime(found[1], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
    except ValueError:
        pass
    raise OperationError(
        f"{run_id} is not the ID of a replay",
        hint="A replay prints its ID when it begins, such as 20261129T080000000Z-0a1b2c.",
    )


class RunFiles:
    """The files of runs that have not ended.

    They have the selection of a run, the keys of a few deliveries and counts, and no bodies.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or _folder()

    def save(self, run: Run) -> None:
        """Write the state of a run, atomically. Raises OperationError."""
        document = {
            "version": _VERSION,
            "run_id": run.run_id,
            "kind": run.kind,
            "stack": run.stack,
            "selection": asdict(run.selection),
            "rate": run.rate,
            "position": run.position,
            "pending": run.pending,
            "tally": {
                "webhooks": run.tally.webhooks,
                "excluded": run.tally.excluded,
                "outcomes": dict(run.tally.outcomes),
                "reasons": dict(run.tally.reasons),
            },
        }
        path = self._path(run.run_id)
        new = path.with_suffix(".new")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            with os.fdopen(os.open(new, flags, 0o600), "w", encoding="utf-8") as file:
                json.dump(document, file, default=datetime.isoformat)
            new.replace(path)
        except OSError as exc:
            raise OperationError(
                f"the progress of the replay cannot be written: {exc}",
                hint="XDG_STATE_HOME names another folder for it.",
            ) from exc

    def load(self, run_id: str) -> Run | None:
        """The state of a run; None if this machine has none. Raises OperationError."""
        started_at(run_id)
        try:
            text = self._path(run_id).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except OSError as exc:
            raise OperationError(f"the progress of {run_id} cannot be read: {exc}") from exc
        try:
            return _run(json.loads(text))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as exc:
            raise OperationError(
                f"the progress of {run_id} cannot be read: {type(exc).__name__}",
                hint=f"Delete {self._path(run_id)} and repeat the selection with --resume; what"
                " was sent already is not sent again.",
            ) from None

    def unfinished(self, kind: Kind, stack: str) -> list[Run]:
        """The runs of a kind that have not ended, oldest first; unreadable files are omitted."""
        runs = []
        for path in sorted(self._folder.glob("*.json")) if self._folder.is_dir() else ():
            try:
                run = self.load(path.stem)
            except OperationError:
                continue
            if run and (run.kind, run.stack) == (kind, stack):
                runs.append(run)
        return runs

    def delete(self, run: Run) -> None:
        """Delete the file of a run that has ended."""
        self._path(run.run_id).unlink(missing_ok=True)

    def _path(self, run_id: str) -> Path:
        return self._folder / f"{run_id}.json"


def _folder() -> Path:
    """https://specifications.freedesktop.org/basedir-spec/latest/."""
    state = os.environ.get("XDG_STATE_HOME", "")
    base = Path(state) if Path(state).is_absolute() else Path.home() / ".local" / "state"
    return base / "inlet-bridge" / "replays"


def _run(document: Mapping[str, Any]) -> Run:
    """Read a document. Raises ValueError, KeyError, TypeError and AttributeError."""
    if document["version"] != _VERSION:
        raise ValueError("another version")
    selection, tally, position = document["selection"], document["tally"], document["position"]
    times = {name: _time(selection[name]) for name in ("since", "until")}
    return Run(
        run_id=str(document["run_id"]),
        kind=document["kind"],
        stack=str(document["stack"]),
        selection=Selection(**{**selection, **times}),
        rate=float(document["rate"]),
        position=None
        if position is None
        else (datetime.fromisoformat(position[0]), str(position[1])),
        pending=tuple((str(source), str(key)) for source, key in document["pending"]),
        tally=Tally(
            int(tally["webhooks"]),
            int(tally["excluded"]),
            Counter({Outcome(name): int(count) for name, count in tally["outcomes"].items()}),
            Counter({str(name): int(count) for name, count in tally["reasons"].items()}),
        ),
    )


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
