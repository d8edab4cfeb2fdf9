"""Run MiniStack, the AWS emulator that the template is deployed to, with IAM enforced.

It has a separate environment, because it pins botocore. docs/architecture.md lists its
differences from AWS.
"""

import os
import secrets
from pathlib import Path

import requests

from bridge.version import USER_AGENT
from inlet_bridge.local.cloud import REGION, Cloud
from inlet_bridge.local.programs import Program
from inlet_bridge.local.workspace import MINISTACK_PYTHON, reserved_port

MOST_IN_FLIGHT = 120_000
"""Of a standard queue.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html"""

_START_SECONDS = 600.0
_SERVER = Path(__file__).with_name("ministack_patches")


def start_ministack(
    folder: Path,
    most_in_flight: int = MOST_IN_FLIGHT,
    *,
    port: int = 0,
    edits_at_once: bool = False,
) -> tuple[Program, Cloud]:
    """Start it with empty state below the folder, and wait until it is ready.

    Args:
        folder: for its state and its log.
        most_in_flight: messages of a queue that may be received and not deleted at one time.
        port: of the loopback address; 0 is any free one.
        edits_at_once: whether functions read a changed source at once. On AWS they cache it for a
            minute.

    Raises:
        LocalCloudError: it is not installed or does not start.
    """
    state = folder / "ministack"
    state.mkdir()
    with reserved_port(port) as reserved:
        cloud = Cloud(
            endpoint=f"http://127.0.0.1:{reserved}",
            access_key=f"AKIA{secrets.token_hex(8).upper()}",
            secret_key=secrets.token_urlsafe(30),
        )
        program = Program(
            "MiniStack",
            [str(MINISTACK_PYTHON), "-I", str(_SERVER)],
            environ={
                **_environ(cloud, reserved, state),
                "MOST_IN_FLIGHT": str(most_in_flight),
                "END_ENVIRONMENTS": str(int(edits_at_once)),
            },
            cwd=state,
            log=folder / "ministack.log",
        )
        try:
            program.wait_until_ready(lambda: _healthy(cloud), _START_SECONDS)
        except BaseException:
            program.stop()
            raise
    return program, cloud


def _environ(cloud: Cloud, port: int, state: Path) -> dict[str, str]:
    # Its Lambda workers inherit this, so it excludes the developer's own variables.
    return {
        "PATH": os.defpath,
        "HOME": str(state),
        "TMPDIR": str(state),
        "STATE_DIR": str(state / "state"),
        "S3_DATA_DIR": str(state / "s3"),
        "AUTH": "true",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": REGION,
        "AWS_ACCESS_KEY_ID": cloud.access_key,
        "AWS_SECRET_ACCESS_KEY": cloud.secret_key,
    }


def _healthy(cloud: Cloud) -> bool:
    try:
        with requests.Session() as session:
            session.trust_env = False
            session.headers["User-Agent"] = USER_AGENT
            return session.get(f"{cloud.endpoint}/_ministack/health", timeout=2).ok
    except requests.RequestException:
        return False
