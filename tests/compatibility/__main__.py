"""Write the samples of a version: `python -m tests.compatibility VERSION`.

Run it at a release, with the code of that version. It writes what every later version has to read
below `tests/compatibility/VERSION`, what this version makes of it beside it, and the hashes of
all these files. The files of a version that was tagged never change.
"""

import argparse
import json
import logging
import os
import sys
from typing import Any

import boto3
import pytest

from bridge.adapters.aws import clients as aws
from bridge.adapters.aws import object_client
from bridge.version import VERSION
from tests.compatibility import snapshots
from tests.compatibility.history.everything import BEGIN, requests_to_send, use
from tests.compatibility.installation import installation
from tests.compatibility.observations.everything import OBSERVATIONS, observed


def main() -> None:
    """Write the folder. Exits with 1 if it exists already, without --replace."""
    parser = argparse.ArgumentParser(prog="python -m tests.compatibility", description=__doc__)
    parser.add_argument("version", help=f"the version of this code, {VERSION}")
    parser.add_argument("--replace", action="store_true", help="for a version without a tag")
    given = parser.parse_args()
    if given.version != VERSION:
        sys.exit(f"this is version {VERSION}; set VERSION in layers/bridge/bridge/version.py first")
    folder = snapshots.ROOT / VERSION
    if folder.exists() and not given.replace:
        sys.exit(f"{folder} exists; the samples of a released version never change")
    _prepare()
    print("Storing samples ...", flush=True)
    with pytest.MonkeyPatch.context() as monkeypatch, installation(monkeypatch, BEGIN) as begun:
        answered = use(begun)
        documents = snapshots.documents_of(begun, VERSION)
        documents[snapshots.REQUESTS] = requests_to_send(answered)
    snapshots.write(folder, documents)
    snapshot = snapshots.Snapshot(folder)
    for name in OBSERVATIONS:
        print(f"Reading them: {name} ...", flush=True)
        snapshots.write(folder, {f"expected_{name}": observed(name, snapshot)})
    known = json.loads(snapshots.HASHES.read_text()) if snapshots.HASHES.exists() else {}
    known[VERSION] = snapshots.hashes(snapshot)
    snapshots.HASHES.write_text(f"{json.dumps(known, indent=1)}\n")


def _prepare() -> None:
    """As `tests/conftest.py`: no account can be reached, and moto answers every client."""
    logging.disable(logging.CRITICAL)
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_REGION": "eu-central-1",
        "AWS_CONFIG_FILE": "/nonexistent",
        "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
        "AWS_MAX_ATTEMPTS": "1",
    }
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "BRIDGE_STACK"):
        os.environ.pop(name, None)
    untyped: Any = boto3.client
    setattr(aws, "SignedClient", lambda service, **_: untyped(service))  # noqa: B010 - for mypy.
    setattr(object_client, "ObjectClient", lambda **_: untyped("s3"))  # noqa: B010 - as above.


if __name__ == "__main__":
    main()
