"""Every file of `events/` is JSON, or a template of sources, and the tests of its folder use it."""

import json

from inlet_bridge.template_reading.yaml_reader import read_document
from tests.support.sam_template import ROOT

EVENTS = ROOT / "events"
USED_BY = {
    "receiver": "tests/functions/receiver/test_receiver.py",
    "forwarder": "tests/functions/forwarder/test_forwarder.py",
    "provisioner": "tests/functions/provisioner/test_provisioner.py",
    "preflight": "tests/functions/test_preflight.py",
    "samples": "inlet_bridge/local/samples.py",
    "intake": "tests/functions/test_events.py",
    "mapping": "tests/documentation/test_mapping.py",
    "sources": "tests/documentation/test_sources.py",
}


def test_every_event_is_json() -> None:
    files = [path for path in EVENTS.rglob("*") if path.is_file()]
    sources = [path for path in files if path.parent.name == "sources"]

    assert all(read_document(path).content["Resources"] for path in sources)
    files = [path for path in files if path not in sources]
    assert files
    assert all(isinstance(json.loads(path.read_text()), dict) for path in files)


def test_every_folder_of_events_is_used() -> None:
    assert {path.name for path in EVENTS.iterdir()} == USED_BY.keys()
    for folder in ("receiver", "forwarder", "provisioner", "preflight", "intake"):
        assert (
            "def test_every_sample_event_is_used_by_a_test" in (ROOT / USED_BY[folder]).read_text()
        )
    assert all((ROOT / USED_BY[folder]).is_file() for folder in ("samples", "mapping", "sources"))
