"""Run the bridge on this machine: start, deploy, send, check and clean up."""

import signal
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Never

import requests
from botocore.exceptions import BotoCoreError, ClientError

from adobe_emulator.settings import EVENTS_DATASET_ID
from adobe_emulator.xdm_schemas import EVENTS_SCHEMA_ID
from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.run_report import Report
from inlet_bridge.cli.run_result import show_result
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.cli.up_check import CheckedSources
from inlet_bridge.cli.up_watch import keep_running, show_warnings
from inlet_bridge.local.adobe_process import Adobe, other_adobe
from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.deployment import SOURCE, Bridge, deploy_bridge, source_parameters
from inlet_bridge.local.errors import LocalCloudError
from inlet_bridge.local.other_stacks import other_stacks
from inlet_bridge.local.own_secrets import declared_names, own_secrets
from inlet_bridge.local.programs import Program
from inlet_bridge.local.run import run_script
from inlet_bridge.local.running_cloud import mark_started, mark_starting
from inlet_bridge.local.samples import read_samples
from inlet_bridge.local.scenario import Script, write_script
from inlet_bridge.local.stack import STACK, STAGE
from inlet_bridge.local.start import Ports, starting
from inlet_bridge.local.watching import NewMessages, WatchedFile
from inlet_bridge.local.workspace import SAMPLES, keep_logs, run_folder
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.unreachable import local_failure

_EMULATED_SETTLING_SECONDS = 5
_ADOBE_SETTLING_SECONDS = 300
INTERRUPTED = 130
"""The exit status after Ctrl-C, as of a shell: 128 and the number of SIGINT."""


@dataclass(frozen=True, slots=True)
class AdobeOptions:
    """An Adobe other than the emulated one."""

    url: str
    credentials: Path
    dataset_id: str
    schema_id: str
    ims_url: str | None
    inlet_hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UpOptions:
    """The arguments of `inlet up`."""

    once: bool
    keep: bool
    payloads: Path | None
    report: Path | None
    template: Path
    sources: Path
    settling_seconds: int | None
    ports: Ports
    adobe: AdobeOptions | None


def up(options: UpOptions) -> int:
    """Run, and return the exit status: 0 only if every check passed, 130 after Ctrl-C."""
    screen, report = Screen(), Report()
    with _termination_raises():
        try:
            passed = _run(options, screen, report)
        except (LocalCloudError, OperationError) as exc:
            screen.failure(exc)
            report.failed(str(exc))
            passed = False
        except KeyboardInterrupt:
            screen.print(Text("Interrupted; all programs are stopped."))
            report.failed("interrupted")
            return INTERRUPTED
        except SystemExit:
            screen.print(Text("Terminated; all programs are stopped."))
            report.failed("terminated")
            raise
        finally:
            if options.report:
                report.write(options.report)
    return 0 if passed else 1


def _run(options: UpOptions, screen: Screen, report: Report) -> bool:
    script = _script(options)
    other = _other_adobe(options)
    settling = options.settling_seconds
    if settling is None:
        settling = _ADOBE_SETTLING_SECONDS if other else _EMULATED_SETTLING_SECONDS
    folder = run_folder()
    mark_starting(folder)
    watched = WatchedFile(options.sources)
    dataset_id = other.dataset_id if other else EVENTS_DATASET_ID
    schema_id = other.schema_id if other else EVENTS_SCHEMA_ID
    values = source_parameters(dataset_id, schema_id, settling)
    checked = CheckedSources.check(options.sources, watched.seen, values)
    inspectors: list[str] = []
    stays = options.keep or (screen.interactive and not options.once)
    with ExitStack() as stack:
        stack.callback(keep_logs, folder)
        started = stack.enter_context(
            starting(
                folder,
                options.template,
                settling_seconds=settling,
                other=other,
                ports=options.ports,
                step=screen.step,
                inspected=options.sources if stays else None,
                announce=lambda url: _announce(url, inspectors, screen),
            )
        )
        stack.enter_context(_client_errors_with_log(started.programs[0]))
        cloud = started.cloud
        entrance = cloud.write_entrance(folder, STACK)
        if started.adobe.emulator is None:
            stack.enter_context(_stack_deleted_on_failure(cloud, screen))
        own = own_secrets(options.sources, values, f"/inlet-bridge/{STAGE}")
        for line in own.sentences():
            screen.print(Text(line))
        with checked.locating():
            bridge = deploy_bridge(
                cloud,
                started.adobe,
                template=options.template,
                sources=checked.text,
                settling_seconds=settling,
                step=screen.step,
                built=started.built,
                own=own.values,
            )
        mark_started(folder)
        show_warnings(lambda: [*checked.warnings(), *bridge.warnings()], screen)
        result = run_script(bridge, script, screen.step)
        report.ran(result, bridge)
        inspector = next(iter(inspectors), "")
        show_result(bridge, result, entrance, screen, stays=stays, inspector=inspector)
        if stays:
            keep_running(
                started.programs,
                watched,
                deploy=lambda text: bridge.deploy_sources(
                    text, values, declared_names(options.sources, values)
                ),
                warnings=bridge.warnings,
                waiting=bridge.deliveries.waiting,
                exist=bridge.parameters.exist,
                values=values,
                messages=NewMessages(bridge.adobe.ledger) if bridge.adobe.emulator else None,
                screen=screen,
            )
        return _delete(bridge, screen, report) and result.held


def _announce(url: str, inspectors: list[str], screen: Screen) -> None:
    inspectors.append(url)
    what = Text("Webhooks in the browser; the URL works once:")
    screen.print(what, Text(f"  {url}", "bold cyan"))


def _script(options: UpOptions) -> Script:
    own = read_samples(options.payloads).values() if options.payloads else ()
    delivery_ids = iter(lambda: str(uuid.uuid4()), "")
    # What the user's own routes make of samples is not checked.
    theirs = declared_names(options.sources, {"Stage": STAGE}) - {SOURCE}
    return write_script(read_samples(SAMPLES), own, delivery_ids, theirs)


def _other_adobe(options: UpOptions) -> Adobe | None:
    if options.adobe is None:
        return None
    return other_adobe(
        options.adobe.url,
        ims_url=options.adobe.ims_url,
        inlet_hosts=options.adobe.inlet_hosts,
        credentials=options.adobe.credentials,
        dataset_id=options.adobe.dataset_id,
        schema_id=options.adobe.schema_id,
    )


def _delete(bridge: Bridge, screen: Screen, report: Report) -> bool:
    with screen.step("Deleting the senders and the stacks"):
        leftovers = bridge.delete()
    report.deleted(leftovers)
    objects = "" if leftovers.objects is None else f", {leftovers.objects} objects at Adobe"
    screen.print(
        Text(
            f"Left: {len(leftovers.parameters)} parameters, {len(leftovers.storage)} queues,"
            f" tables and buckets{objects}.",
            style="green" if leftovers.nothing else "bold red",
        )
    )
    return leftovers.nothing


@contextmanager
def _client_errors_with_log(ministack: Program) -> Iterator[None]:
    """Convert errors of clients to an error that shows MiniStack's log."""
    try:
        yield
    except (BotoCoreError, ClientError) as exc:
        raise LocalCloudError(
            f"a request to the local cloud failed: {local_failure(exc)}", log=ministack.log
        ) from exc
    except requests.RequestException as exc:
        raise LocalCloudError(
            f"a request to the local cloud failed: {type(exc).__name__}", log=ministack.log
        ) from exc


@contextmanager
def _stack_deleted_on_failure(cloud: Cloud, screen: Screen) -> Iterator[None]:
    """Delete the stacks on failure: objects at a real Adobe outlive the local cloud."""
    try:
        yield
    except BaseException:
        with suppress(BotoCoreError, ClientError), screen.step("Deleting what is at Adobe"):
            for each in other_stacks(cloud):
                with suppress(LocalCloudError):
                    each.delete()
        raise


@contextmanager
def _termination_raises() -> Iterator[None]:
    """Raise SystemExit on SIGTERM and SIGHUP, so that everything is cleaned up."""

    def end(number: int, _frame: object) -> Never:
        raise SystemExit(128 + number)

    former = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
