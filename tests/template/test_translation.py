"""The template after the SAM transform passes cfn-lint and has no generated extras."""

import json
from copy import deepcopy
from typing import Any

import pytest

from tests.support.sam_template import ROOT, functions
from tests.support.template_policies import deployment


def linted(template: str, *regions: str) -> list[str]:
    """What cfn-lint finds."""
    # Slow to load, and most processes of tests need it not.
    from cfnlint import api  # noqa: PLC0415

    return [str(match) for match in api.lint(template, regions=[*regions])]


def test_cfn_lint_finds_nothing_in_the_translated_template(translated: dict[str, Any]) -> None:
    assert linted(json.dumps(translated, indent=1), "eu-central-1", "us-east-1") == []


def test_cfn_lint_finds_nothing_in_the_sources() -> None:
    assert linted((ROOT / "sources.yaml").read_text(), "eu-central-1", "us-east-1") == []


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        ("0", {"LogFormat": "JSON", "ApplicationLogLevel": "INFO", "SystemLogLevel": "WARN"}),
        # Levels need JSON, and Lambda would drop the sampled lines at DEBUG.
        ("0.5", {"LogFormat": "Text"}),
    ],
)
@pytest.mark.parametrize("name", functions())
def test_lambda_logs_no_lines_of_its_own_unless_debug_lines_are_sampled(
    translated: dict[str, Any], name: str, rate: str, expected: dict[str, str]
) -> None:
    properties = translated["Resources"][name]["Properties"]
    found = deployment(DebugSampleRate=rate).resolved(properties["LoggingConfig"])

    assert found.pop("LogGroup")
    assert found == expected
    variables = properties["Environment"]["Variables"]
    # Of the lines that carry the metrics.
    assert variables["POWERTOOLS_LOG_LEVEL"] == "INFO"


def test_cfn_lint_finds_a_seeded_error(translated: dict[str, Any]) -> None:
    seeded = deepcopy(translated)
    seeded["Resources"]["Buffer"]["Properties"]["VisibilityTimeout"] = 43_201

    assert linted(json.dumps(seeded), "eu-central-1")


def test_sam_generates_no_role_and_no_api(translated: dict[str, Any]) -> None:
    kinds = [resource["Type"] for resource in translated["Resources"].values()]

    assert kinds.count("AWS::IAM::Role") == len(functions())
    # The buffer; that of a queue of events is in sources.yaml.
    assert kinds.count("AWS::Lambda::EventSourceMapping") == 1
    assert kinds.count("AWS::ApiGatewayV2::Api") == 1
    # One per route, one per schedule and one for the events of Adobe.
    assert kinds.count("AWS::Lambda::Permission") == kinds.count("AWS::ApiGatewayV2::Route") + 5
