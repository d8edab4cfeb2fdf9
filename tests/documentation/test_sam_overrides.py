"""The overrides on the pages, read by SAM itself."""

import json
import re
import shlex
import subprocess
import tomllib

from bridge.settings import AdobeSettings
from tests.support.sam_template import ROOT, sources_template, template
from tests.support.waiting import MAX_SECONDS

PATTERN = {"source": ["aws.s3"], "detail": {"bucket": {"name": ["tea-and-tins"]}}}
_READ = """
import json, sys
from samcli.cli.types import CfnParameterOverridesType
print(json.dumps(CfnParameterOverridesType().convert(tuple(json.load(sys.stdin)), None, None)))
"""


def parsed(*overrides: str) -> dict[str, str]:
    """The parameters that SAM reads from the words after `--parameter-overrides`."""
    ended = subprocess.run(  # noqa: S603
        [str(ROOT / ".tools" / "sam" / "bin" / "python"), "-c", _READ],
        input=json.dumps(overrides),
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=MAX_SECONDS,
    )
    found: dict[str, str] = json.loads(ended.stdout)
    return found


def commands(page: str) -> list[list[str]]:
    """The overrides of each command of a page, as a shell splits them."""
    lines = re.findall(r"^(?:sam|aws) .*deploy .*--parameter-overrides (.*)$", page, re.MULTILINE)
    return [shlex.split(line) for line in lines]


def test_event_pattern_of_the_page_reaches_the_stack() -> None:
    page = (ROOT / "docs" / "events.md").read_text()
    [in_toml] = re.findall(r"^parameter_overrides = .*$", page, re.MULTILINE)
    [words] = commands(page)

    for overrides in ([tomllib.loads(in_toml)["parameter_overrides"]], words):
        given = parsed(*overrides)
        assert given.keys() <= sources_template()["Parameters"].keys()
        assert given["EventSourceName"] == "uploads"
        assert json.loads(given["EventPattern"]) == PATTERN


def test_unquoted_values_are_cut_as_the_page_says() -> None:
    assert parsed('EventPattern={"source": ["aws.s3"]}')["EventPattern"] == "{"
    assert parsed("InletHosts=a.example, b.example")["InletHosts"] == "a.example,"


def test_cut_values_are_no_values_of_their_parameters() -> None:
    """CloudFormation refuses them before it changes anything."""
    pattern = sources_template()["Parameters"]["EventPattern"]["AllowedPattern"]
    hosts = template()["Parameters"]["InletHosts"]["AllowedPattern"]

    for cut in ('EventPattern={"source": ["aws.s3"]}', 'EventPattern="{"source": ["aws.s3"]}"'):
        assert not re.fullmatch(pattern, parsed(cut)["EventPattern"])
    quoted = parsed('EventPattern=\'{"source":["aws.s3"]}\'')["EventPattern"]
    assert re.fullmatch(pattern, quoted)
    assert not re.fullmatch(pattern, "{source:[aws.s3]}")
    assert re.fullmatch(pattern, json.dumps(PATTERN, indent=2))
    assert not re.fullmatch(hosts, parsed("InletHosts=a.example, b.example")["InletHosts"])
    assert re.fullmatch(hosts, " 127.0.0.1:8481 , b.example ")
    assert not re.fullmatch(hosts, "")


def test_lists_of_the_page_reach_the_functions() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text()
    found = (words for words in commands(page) if "InletHosts" in str(words))
    # The one of the local cloud has a single host.
    examples = [words for words in found if "127.0.0.1" not in str(words)]
    assert len(examples) > 1

    for words in examples:
        environ = {
            "STAGE": "dev",
            "ADOBE_IMS_URL": "https://ims.example",
            "ADOBE_CREDENTIALS": "/inlet-bridge/dev/secrets/adobe",
            "BUFFER_QUEUE_URL": "https://sqs.example/buffer",
            "DELIVERIES_TABLE": "deliveries",
            "RECORD_DAYS": "8",
            "INLET_HOSTS": parsed(*words)["InletHosts"],
        }
        hosts = AdobeSettings.from_env(environ).inlet_hosts
        assert hosts == ("dcs.adobedc.net", "inlet.example.com")


def test_overrides_of_the_sources_are_parameters() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text()
    examples = [words for words in commands(page) if "DatasetId" in str(words)]

    assert len(examples) == 2
    for words in examples:
        assert parsed(*words).keys() <= sources_template()["Parameters"].keys()
