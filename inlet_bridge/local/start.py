"""Start the emulators and build the template, all at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from inlet_bridge.local.adobe_process import Adobe, start_emulated_adobe
from inlet_bridge.local.artifacts import build
from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.inspector_process import InspectorProcess
from inlet_bridge.local.ministack import start_ministack
from inlet_bridge.local.programs import Program

type Step = Callable[[str], AbstractContextManager[object]]
"""Shows a step for the duration of its block."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Ports on the loopback address; 0 is any free one."""

    aws: int = 8480
    adobe: int = 8481
    inspector: int = 8482


@dataclass(frozen=True, slots=True)
class Started:
    """What runs and what is built.

    Attributes:
        programs: MiniStack first; all that have to keep running.
        cloud: MiniStack's account.
        adobe: the emulated one, or the other one.
        built: the built template.
    """

    programs: tuple[Program, ...]
    cloud: Cloud
    adobe: Adobe
    built: Path


@contextmanager
def starting(
    folder: Path,
    template: Path,
    *,
    settling_seconds: float,
    other: Adobe | None,
    ports: Ports,
    step: Step,
    inspected: Path | None = None,
    announce: Callable[[str], None] = lambda _: None,
) -> Iterator[Started]:
    """Start the programs and build the template; stop the programs at the end of the block.

    Args:
        folder: for state and logs.
        template: is built.
        settling_seconds: how long a new flow of the emulated Adobe loses messages.
        other: an Adobe to use instead of the emulated one.
        ports: of MiniStack and the emulated Adobe.
        step: shows what is waited for.
        inspected: the file of sources; with it, the inspector is started.
        announce: called with the URL of the inspector.

    Raises:
        LocalCloudError: a program does not start, or the build fails.
    """
    with ExitStack() as stack:
        # Stopped after the pool has ended, so none is missed that starts during an interrupt.
        futures: list[Future[tuple[Program, Cloud]] | Future[tuple[Program, Adobe]]] = []
        stack.callback(_stop, futures)
        pool = stack.enter_context(ThreadPoolExecutor(3))
        ministack = pool.submit(start_ministack, folder, port=ports.aws, edits_at_once=True)
        futures.append(ministack)
        building = pool.submit(build, template)
        emulated: Future[tuple[Program, Adobe]] | None = None
        if other is None:
            emulated = pool.submit(start_emulated_adobe, folder, settling_seconds, port=ports.adobe)
            futures.append(emulated)
        with step("Starting MiniStack, an AWS emulator"):
            program, cloud = ministack.result()
        programs = [program]
        inspector: InspectorProcess | None = None
        if inspected:
            inspector = InspectorProcess(folder, cloud, ports.inspector, inspected)
            stack.callback(inspector.stop)
        if emulated:
            with step("Starting the emulated Adobe"):
                program, other = emulated.result()
            programs.append(program)
        if inspector:
            announce(inspector.url())
        with step("Building functions and layers"):
            built = building.result()
        if other:
            yield Started(tuple(programs), cloud, other, built)


def _stop(futures: list[Future[tuple[Program, Cloud]] | Future[tuple[Program, Adobe]]]) -> None:
    for future in futures:
        if not future.exception():
            program, _ = future.result()
            program.stop()
