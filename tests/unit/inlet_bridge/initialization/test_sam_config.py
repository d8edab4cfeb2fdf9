"""Tests of changing `samconfig.toml`: everything else stays."""

import tomllib
from pathlib import Path

import pytest

from inlet_bridge.initialization.errors import InitializationError
from inlet_bridge.initialization.sam_config import SamConfig, read_config
from inlet_bridge.initialization.sections import StageAnswers, with_answers
from tests.support.initializing import CONFIG

ANSWERS = StageAnswers(
    "dev",
    "eu-west-1",
    {},
    {"DatasetId": "65f0c1a2b3d4e5f60718293a", "SchemaId": "https://ns.adobe.com/a/schemas/1"},
)


def changed(text: str, answers: StageAnswers = ANSWERS) -> str:
    return with_answers(SamConfig(text), answers).text


def test_only_the_answers_change() -> None:
    before, after = CONFIG.splitlines(), changed(CONFIG).splitlines()

    assert [line for line in after if line not in before] == [
        'region = "eu-west-1"',
        (
            'parameter_overrides = "Stage=dev OnDelete=Retain DatasetId=65f0c1a2b3d4e5f60718293a'
            ' SchemaId=https://ns.adobe.com/a/schemas/1"'
        ),
        'region = "eu-west-1"',
    ]
    assert [line for line in before if line not in after] == [
        'parameter_overrides = "Stage=dev OnDelete=Retain"'
    ]


def test_second_change_changes_nothing() -> None:
    assert changed(changed(CONFIG)) == changed(CONFIG)


def test_line_breaks_are_those_of_the_file() -> None:
    text = changed(CONFIG.replace("\n", "\r\n"))

    assert text.replace("\r\n", "\n") == changed(CONFIG)
    assert "\n" not in text.replace("\r\n", "")


@pytest.mark.parametrize("text", ["", CONFIG])
def test_new_stage_gets_both_sections(text: str) -> None:
    after = tomllib.loads(changed(text, StageAnswers("qa", "eu-west-1", {}, {"KeepBodies": "7"})))

    bridge, sources = (after[name]["deploy"]["parameters"] for name in ("qa", "qa-sources"))
    assert bridge["stack_name"] == "inlet-bridge-qa"
    assert bridge["parameter_overrides"] == "Stage=qa"
    assert sources["stack_name"] == "inlet-bridge-qa-sources"
    assert sources["template_file"] == "sources.yaml"
    assert sources["parameter_overrides"] == "Stage=qa KeepBodies=7"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ('"Stage=old Other=a"', "Stage=dev Other=a"),
        ("'Stage=old Other=\"a b\"'", 'Stage=dev Other="a b"'),
        ("'Other=\"Stage=x DatasetId=y\"'", 'Other="Stage=x DatasetId=y" Stage=dev'),
        ('""', "Stage=dev"),
    ],
)
def test_overrides_of_a_text_are_replaced_one_by_one(given: str, expected: str) -> None:
    text = f"[dev.deploy.parameters]\nparameter_overrides = {given}\n"

    after = SamConfig(text).with_section("dev", {}, {}, {"Stage": "dev"})

    assert after.text == f"[dev.deploy.parameters]\nparameter_overrides = {_toml(expected)}\n"
    assert after.parameters("dev")["Stage"] == "dev"


def test_overrides_of_a_list_stay_a_list() -> None:
    text = '[dev.deploy.parameters]\nparameter_overrides = ["Stage=old", "A=b c"] # mine\n'

    after = SamConfig(text).with_section("dev", {}, {}, {"Stage": "dev"})

    table = tomllib.loads(after.text)["dev"]["deploy"]["parameters"]
    assert table["parameter_overrides"] == ["Stage=dev", "A=b c"]
    assert "# mine" in after.text


def test_values_with_spaces_are_within_quotation_marks() -> None:
    after = SamConfig("").with_section("dev", {}, {}, {"A": "b c"})

    assert after.parameters("dev") == {"A": "b c"}


@pytest.mark.parametrize("text", ["[dev", "dev = 1\n", "[dev]\ndeploy = 1\n", "a = 1\na = 2\n"])
def test_unusable_file_is_refused(text: str) -> None:
    with pytest.raises(InitializationError, match=r"samconfig\.toml"):
        changed(text)


def _toml(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'


@pytest.mark.parametrize(
    "given",
    ['"ParameterKey=Stage,ParameterValue=dev"', '"file://dev.yaml"', "5", '{Stage = "dev"}'],
)
def test_overrides_that_sam_would_not_combine_are_refused(given: str) -> None:
    """Of a text, SAM reads the parameters in one form (samcli/cli/types.py)."""
    text = f"[dev.deploy.parameters]\nparameter_overrides = {given}\n"

    with pytest.raises(InitializationError, match="parameter_overrides of dev must be pairs"):
        changed(text)


def test_byte_order_mark_is_named(tmp_path: Path) -> None:
    file = tmp_path / "samconfig.toml"
    file.write_text(f"\ufeff{CONFIG}")

    with pytest.raises(InitializationError, match="begins with a byte order mark"):
        read_config(file)
