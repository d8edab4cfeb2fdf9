"""Keep the local cloud running: deploy edits of sources.yaml, and show what reaches the inlet."""

import json
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.styled_text import Text, text_of_json
from inlet_bridge.cli.up_check import CheckedSources
from inlet_bridge.local.errors import LocalCloudError
from inlet_bridge.local.parameters import missing_secrets
from inlet_bridge.local.programs import Program
from inlet_bridge.local.verdict import Message
from inlet_bridge.local.watching import NewMessages, WatchedFile
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.records.open_counts import OpenCounts
from inlet_bridge.operations.unreachable import local_failure

_POLL_SECONDS = 0.5


def keep_running(
    programs: Sequence[Program],
    watched: WatchedFile,
    *,
    deploy: Callable[[str], Sequence[str]],
    warnings: Callable[[], Sequence[str]],
    waiting: Callable[[], OpenCounts | None],
    exist: Callable[[Collection[str]], bool],
    values: Mapping[str, str],
    messages: NewMessages | None,
    screen: Screen,
) -> None:
    """Keep running until Ctrl-C.

    Args:
        programs: have to run.
        watched: `sources.yaml`; its edits are deployed.
        deploy: deploys a text of it, and returns what to know of what it deletes; raises
            LocalCloudError.
        warnings: returns what a deployment warns about; raises LocalCloudError.
        waiting: counts the deliveries in the buffer, which the end deletes.
        exist: whether all of these secrets are stored; asked while a deployment lacks some.
        values: of its parameters, with which an edit is checked.
        messages: of the emulated inlet; None for another Adobe.
        screen: where it is shown.

    Raises:
        LocalCloudError: a program ended unexpectedly.
    """
    file = watched.path
    screen.print(
        "",
        Text(f"Everything keeps running, and edits of {file} are deployed.", style="bold"),
        Text("Press Ctrl-C to delete everything and exit.", style="bold"),
    )
    missing: frozenset[str] = frozenset()
    try:
        while True:
            for program in programs:
                if not program.running:
                    raise LocalCloudError(f"{program.name} ended unexpectedly", log=program.log)
            text = _edited(watched, screen)
            if text is None and missing and _are_stored(missing, exist):
                screen.print(Text(f"Stored now: {', '.join(sorted(missing))}."))
                text = watched.seen
            if text is not None:
                fault = _Edit(file, text, values).deploy(deploy, warnings, screen)
                watched.has_failed = fault is not None
                missing = missing_secrets(str(fault or ""))
                _say_what_is_awaited(missing, screen)
            for entry in messages or ():
                _show(Message.from_ledger(entry), screen)
            time.sleep(_POLL_SECONDS)
    except KeyboardInterrupt:
        screen.print()
        _show_lost(waiting, screen)


def _show_lost(waiting: Callable[[], OpenCounts | None], screen: Screen) -> None:
    """Say what the end of the local cloud deletes in the buffer."""
    counts = waiting()
    if counts and (text := counts.text(counts.by_source)):
        lost = (
            f"{text} in the buffer: the local cloud is deleted with its queues and tables, and the"
            " next `inlet up` starts without them."
        )
        screen.print(Text(lost, style="yellow"))


def _edited(watched: WatchedFile, screen: Screen) -> str | None:
    """The text of an edit; says when the file cannot be read, and when it can be read again."""
    was_unreadable = watched.is_unreadable
    try:
        text = watched.edited()
    except LocalCloudError as exc:
        screen.failure(exc)
        _say_what_stays(watched.path, screen)
        return None
    if was_unreadable and not watched.is_unreadable:
        screen.print(Text(f"{watched.path.name} can be read again."))
    return text


def _are_stored(names: Collection[str], exist: Callable[[Collection[str]], bool]) -> bool:
    with suppress(BotoCoreError, ClientError):
        return exist(names)
    return False


def _say_what_is_awaited(missing: Collection[str], screen: Screen) -> None:
    if missing:
        when = "It is deployed again when the secret is stored, or the file is saved again."
        screen.print(Text(when, style="yellow"))


def _say_what_stays(file: Path, screen: Screen) -> None:
    former = f"{file.name} cannot be deployed; the former version stays deployed."
    screen.print(Text(former, style="yellow"))


@dataclass(frozen=True, slots=True)
class _Edit:
    """A new text of a template.

    Attributes:
        values: of its parameters.
    """

    file: Path
    text: str
    values: Mapping[str, str]

    def deploy(
        self,
        change: Callable[[str], Sequence[str]],
        warnings: Callable[[], Sequence[str]],
        screen: Screen,
    ) -> Exception | None:
        """Deploy a valid edit; of an invalid one, say and return why, and leave the former.

        No exception ends the local cloud, since an edit of the file undoes what caused it.
        """
        try:
            for each in self._deploy(change, screen):
                screen.print(Text(f"! {each}", style="yellow"))
            show_warnings(warnings, screen)
        except (LocalCloudError, OperationError) as exc:
            screen.failure(exc)
            _say_what_stays(self.file, screen)
            return exc
        except (BotoCoreError, ClientError) as exc:
            reason = f"a request to the local cloud failed: {local_failure(exc)}"
            screen.failure(LocalCloudError(reason, hint="Save the file again."))
            return exc
        except Exception as exc:  # noqa: BLE001 (whatever an edit causes, the next can undo)
            screen.failure(_error_of_the_bridge(self.file, exc))
            return exc
        return None

    def _deploy(self, change: Callable[[str], Sequence[str]], screen: Screen) -> Sequence[str]:
        checked = CheckedSources.check(self.file, self.text, self.values)
        with checked.locating(), screen.step(f"Deploying {self.file.name}"):
            return [*change(self.text), *checked.warnings()]


def _error_of_the_bridge(file: Path, exc: Exception) -> LocalCloudError:
    """The error for an exception that nothing foresees; its text may have values of the file."""
    return LocalCloudError(
        f"{file}: the edit ended in {type(exc).__name__}, which is an error of the bridge",
        hint="Undo the edit, or write it differently.",
    )


def show_warnings(warnings: Callable[[], Sequence[str]], screen: Screen) -> None:
    """Print what a deployment warns about."""
    try:
        for each in warnings():
            screen.print(Text(f"! {each}", style="yellow"))
    except LocalCloudError as exc:
        screen.failure(exc)


def _show(message: Message, screen: Screen) -> None:
    document = json.loads(message.content)
    entity = document.get("body", {}).get("xdmEntity", document)
    screen.print(Text(f"A message reached the inlet, {message.xaction_id}:"), text_of_json(entity))
