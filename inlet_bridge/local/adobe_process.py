"""Start the emulated Adobe, or describe another one, for the stack."""

import json
import os
import re
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import requests

from adobe_emulator.settings import EVENTS_DATASET_ID, Tenant
from bridge.adapters.adobe.credential_file import fields_of
from bridge.adapters.adobe.credentials import parse_credentials
from bridge.errors import InvalidCredentialsError
from bridge.version import USER_AGENT
from inlet_bridge.local.errors import LocalCloudError
from inlet_bridge.local.programs import Program
from inlet_bridge.local.workspace import ROOT, reserved_port

_START_SECONDS: Final = 600.0
_BATCH_SECONDS: Final = 2
_ADDRESS: Final = re.compile(r"listens on (http://127\.0\.0\.1:\d+);")
_CREDENTIALS_HINT: Final = (
    "It is a JSON object with client_id, client_secret, org_id, scopes and sandbox,"
    " or a download of the Developer Console with sandbox added."
)


@dataclass(frozen=True, slots=True)
class Adobe:
    """The Adobe endpoints and credentials that the stack is configured with.

    Attributes:
        inlet_hosts: `host` or `host:port` entries that an inlet URL may name.
        credentials: the JSON secret of the technical account.
        emulator: base URL of the emulator's control endpoints, or None for another Adobe.
    """

    ims_url: str
    platform_url: str
    inlet_hosts: tuple[str, ...]
    dataset_id: str
    schema_id: str
    credentials: str = field(repr=False)
    emulator: str | None = None

    @property
    def has_tenant_fields(self) -> bool:
        """Whether the schema has the field group of the emulated tenant."""
        return self.emulator is not None

    @property
    def ledger_url(self) -> str | None:
        """URL that lists all messages that reached the inlet."""
        return f"{self.emulator}/_emulator/ledger" if self.emulator else None

    def ledger(self) -> dict[str, Any]:
        """The ledger of the emulated inlet: received, lost and rejected messages."""
        return _get(f"{self.emulator}/_emulator/ledger")

    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """Records that were ingested, failed or are pending in batches, by the id of the flow."""
        datasets = _get(f"{self.emulator}/_emulator/lake")["datasets"]
        flows: Mapping[str, Mapping[str, int]] = datasets.get(self.dataset_id, {}).get("flows", {})
        return flows

    def objects(self) -> int:
        """The number of objects at the emulated Adobe."""
        return int(_get(f"{self.emulator}/_emulator/state")["objectCount"])


def start_emulated_adobe(
    folder: Path, settle_seconds: float, dataset_id: str = EVENTS_DATASET_ID, *, port: int = 0
) -> tuple[Program, Adobe]:
    """Start the emulated Adobe with new credentials and wait until it is ready.

    Args:
        folder: for its log.
        settle_seconds: how long a new flow loses the messages that it accepts.
        dataset_id: of its datasets; by default one of ExperienceEvents.
        port: of the loopback address; 0 is any free one.

    Raises:
        LocalCloudError: it does not start.
    """
    client_id, client_secret = secrets.token_hex(16), secrets.token_urlsafe(30)
    tenant = Tenant(client_id, client_secret)
    arguments = [
        *("--port", str(port), "--settle-seconds", str(settle_seconds), "--client-id", client_id),
        *("--org", tenant.org_id, "--sandbox", tenant.sandbox, "--sync-validation"),
        *("--batch-seconds", str(_BATCH_SECONDS), "--batch-delay-seconds", "1"),
    ]
    if port:
        with reserved_port(port):
            pass  # An error that says what to do; its own would be in the log.
    program = Program(
        "the emulated Adobe",
        [sys.executable, "-m", "adobe_emulator", *arguments],
        # In the environment: every user of the machine can read the arguments.
        environ={**os.environ, "ADOBE_EMULATOR_SECRET": client_secret},
        cwd=ROOT,
        log=folder / "adobe.log",
    )
    try:
        program.wait_until_ready(lambda: _serves(_address(program)), _START_SECONDS)
    except BaseException:
        program.stop()
        raise
    url = _address(program)
    adobe = Adobe(
        ims_url=url,
        platform_url=url,
        inlet_hosts=(urlsplit(url).netloc,),
        dataset_id=dataset_id,
        schema_id=tenant.datasets[dataset_id],
        credentials=_credentials_of(tenant),
        emulator=url,
    )
    return program, adobe


def other_adobe(
    url: str,
    *,
    ims_url: str | None,
    inlet_hosts: tuple[str, ...],
    credentials: Path,
    dataset_id: str,
    schema_id: str,
) -> Adobe:
    """An Adobe that runs elsewhere; missing values are derived from its base URL.

    Raises:
        LocalCloudError: the URL or the credentials are invalid.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise LocalCloudError(f"{url} is no URL of an Adobe", hint="Write it as https://host.")
    base = url.rstrip("/")
    return Adobe(
        ims_url=(ims_url or base).rstrip("/"),
        platform_url=base,
        inlet_hosts=inlet_hosts or (parts.netloc,),
        dataset_id=dataset_id,
        schema_id=schema_id,
        credentials=_read_credentials(credentials),
    )


def _credentials_of(tenant: Tenant) -> str:
    return json.dumps(
        {
            "client_id": tenant.client_id,
            "client_secret": tenant.client_secret,
            "org_id": tenant.org_id,
            "scopes": ",".join(tenant.scopes),
            "sandbox": tenant.sandbox,
        }
    )


def _read_credentials(path: Path) -> str:
    """Read and validate the credentials file. No error quotes it."""
    try:
        document: Any = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as exc:
        # `from None`: the decoder's error contains the whole text.
        raise LocalCloudError(f"{path} cannot be read as JSON: {type(exc).__name__}") from None
    fields = fields_of(document if isinstance(document, Mapping) else {})
    missing = [field.name for field in fields.values() if not field.value]
    if missing:
        raise LocalCloudError(f"{path} lacks {', '.join(missing)}", hint=_CREDENTIALS_HINT)
    text = json.dumps(document)
    try:
        parse_credentials(text)
    except InvalidCredentialsError as exc:
        raise LocalCloudError(f"{path}: {exc}", hint=_CREDENTIALS_HINT) from None
    return text


def _address(program: Program) -> str:
    """The URL that the emulator logged; empty until it listens."""
    found = _ADDRESS.search(program.log.read_text(encoding="utf-8", errors="replace"))
    return found[1] if found else ""


def _serves(url: str) -> bool:
    if not url:
        return False
    try:
        _get(f"{url}/_emulator/state")
    except requests.RequestException:
        return False
    return True


def _get(url: str) -> dict[str, Any]:
    with requests.Session() as session:
        session.trust_env = False
        session.headers["User-Agent"] = USER_AGENT
        answer = session.get(url, timeout=60)
    answer.raise_for_status()
    document: dict[str, Any] = answer.json()
    return document
