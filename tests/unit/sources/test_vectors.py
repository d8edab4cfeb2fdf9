"""The verdicts of the vendors' own libraries, where their record lies beside the repository."""

import base64
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bridge.errors import InvalidSignatureError
from bridge.sources.catalogue import PRESETS
from bridge.sources.declaration import declare_scheme
from bridge.sources.verification import verify
from bridge.webhook import Webhook

REPOSITORY = Path(__file__).parents[3]
RECORD = REPOSITORY.parent / "shared" / "providers" / "vectors.jsonl"
LINES = RECORD.read_text(encoding="utf-8").splitlines() if RECORD.exists() else []
VECTORS: list[dict[str, Any]] = [json.loads(line) for line in LINES]
# Large bodies are not part of the record.
RUN = [v for v in VECTORS if v["scheme"] in PRESETS and v["body_b64"] is not None]

pytestmark = pytest.mark.skipif(not VECTORS, reason="no record of the vendors' verdicts")


@pytest.mark.parametrize("vector", [pytest.param(vector, id=vector["id"]) for vector in RUN])
def test_the_verdict_is_the_vendors(vector: dict[str, Any]) -> None:
    webhook = Webhook(
        method=vector["method"],
        url=vector["url"],
        headers={name.lower(): value for name, value in vector["headers"].items()},
        body=base64.b64decode(vector["body_b64"]),
    )
    scheme = declare_scheme(vector["scheme"], None).scheme
    now = datetime.fromtimestamp(vector["now"], UTC)

    assert verdict_of(scheme, webhook, vector["secrets"], now) == vector["expect"]


def verdict_of(*question: Any) -> str:
    try:
        verify(*question)
    except InvalidSignatureError:
        return "reject"
    return "accept"


def test_how_many_vectors_are_asked(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        sys.stdout.write(f"\n{len(RUN)} of {len(VECTORS)} vectors have a preset and a body\n")

    assert {vector["expect"] for vector in RUN} == {"accept", "reject"}
    assert len({vector["scheme"] for vector in RUN}) >= 9
