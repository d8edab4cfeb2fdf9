"""A browser's requests to an inspector, without a socket."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from starlette.testclient import TestClient

from inlet_bridge.inspector.application import create_application
from inlet_bridge.inspector.inspector import Inspector
from inlet_bridge.inspector.security.action_log import ActionLog
from inlet_bridge.inspector.security.sign_in import SignIn
from inlet_bridge.operations.deployed import Deployed
from tests.support.sam_template import ROOT

PORT: Final = 8482
ORIGIN: Final = f"http://127.0.0.1:{PORT}"


def opened(
    folder: Path,
    *,
    stack: str = "inlet-bridge-dev",
    actions_allowed: bool = False,
    is_local: bool = False,
    sources_file: Path = ROOT / "sources.yaml",
    deployed: Callable[[str], Deployed] = Deployed,
) -> TestClient:
    """A browser with the session of an inspector; its requests are those of a page."""
    client, sign_in = signed_out(
        folder,
        stack=stack,
        actions_allowed=actions_allowed,
        is_local=is_local,
        sources_file=sources_file,
        deployed=deployed,
    )
    client.cookies.set(sign_in.cookie, sign_in.session)
    client.headers |= {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
    return client


def signed_out(
    folder: Path,
    *,
    stack: str = "inlet-bridge-dev",
    actions_allowed: bool = False,
    is_local: bool = False,
    sources_file: Path = ROOT / "sources.yaml",
    deployed: Callable[[str], Deployed] = Deployed,
) -> tuple[TestClient, SignIn]:
    """A browser without a session, and what signs it in; `folder` is for the log of actions."""
    inspector = Inspector(
        stack=stack,
        is_local=is_local,
        actions_allowed=actions_allowed,
        sources_file=sources_file,
        deployed=deployed,
        actions=ActionLog(folder / "actions.jsonl", "arn:aws:iam::123456789012:user/operator"),
    )
    sign_in = SignIn(PORT)
    application = create_application(inspector, sign_in, PORT)
    return TestClient(application, base_url=ORIGIN, follow_redirects=False), sign_in
