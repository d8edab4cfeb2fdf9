"""Tests of `inlet init` with SSM in process and Adobe on a socket."""

import json
from pathlib import Path
from typing import Any

import pytest

from adobe_emulator.emulator import Adobe
from adobe_emulator.settings import (
    EVENTS_DATASET_ID,
    PROFILES_DATASET_ID,
)
from adobe_emulator.xdm_schemas import EVENTS_SCHEMA_ID
from tests.support.init_runs import FLAGS, SECRET, without
from tests.support.initializing import CONFIG, PARAMETER, run, section, untouched
from tests.support.sources_files import SOURCES


def stored(ssm: Any) -> dict[str, Any]:
    found = ssm.get_parameter(Name=PARAMETER, WithDecryption=True)["Parameter"]
    assert found["Type"] == "SecureString"
    document: dict[str, Any] = json.loads(found["Value"])
    return document


def test_five_answers_set_up_a_stage(folder: Path, ssm: Any, adobe: Adobe) -> None:
    status, output = run(adobe, typed=f"dev eu-west-1\nadobe.json\ndev\n{EVENTS_DATASET_ID}\n7\n")

    assert status == 0, output
    assert stored(ssm) == {
        "client_id": adobe.tenant.client_id,
        "client_secret": SECRET,
        "org_id": adobe.tenant.org_id,
        "scopes": ",".join(adobe.tenant.scopes),
        "sandbox": "dev",
    }
    bridge, sources = section(folder, "dev"), section(folder, "dev-sources")
    assert bridge["region"] == sources["region"] == "eu-west-1"
    assert bridge["parameter_overrides"].startswith("Stage=dev LogRetentionDays=7")
    assert sources["parameter_overrides"] == (
        f"Stage=dev OnDelete=Retain DatasetId={EVENTS_DATASET_ID} SchemaId={EVENTS_SCHEMA_ID}"
        " KeepBodies=7"
    )
    text = (folder / "samconfig.toml").read_text()
    assert text.startswith(CONFIG.partition("parameter_overrides")[0])
    assert text.endswith("# The end.\n") or "# The end." in text
    assert SECRET not in output
    assert "gone" not in output
    for check in ("IMS gives a token", "Flow Service may be used", "Catalog may be used"):
        assert f"✓ {check}" in output
    assert "make deploy STAGE=dev" in output
    assert "inlet add PROVIDER --stage dev" in output


def test_second_run_offers_the_present_answers(folder: Path, ssm: Any, adobe: Adobe) -> None:
    assert run(adobe, *FLAGS)[0] == 0
    before, secret = (folder / "samconfig.toml").read_text(), stored(ssm)

    status, output = run(adobe, typed="\n\n\n\n\n")

    assert status == 0, output
    assert (folder / "samconfig.toml").read_text() == before
    assert stored(ssm) == secret
    assert f"{PARAMETER} is as it was" in output
    assert run(adobe, "--no-input", "--stage", "dev")[0] == 0


@pytest.mark.parametrize("flag", FLAGS[::2])
def test_without_input_the_missing_option_is_named(
    folder: Path, ssm: Any, adobe: Adobe, flag: str
) -> None:
    status, output = run(adobe, "--no-input", *without(flag))

    assert status == 2
    assert flag in output
    assert untouched(folder, ssm)


def test_options_answer_every_question(folder: Path, ssm: Any, adobe: Adobe) -> None:
    status, output = run(adobe, "--no-input", *FLAGS)

    assert status == 0, output
    assert stored(ssm)["sandbox"] == "dev"


def test_dataset_is_chosen_by_number_or_name(folder: Path, ssm: Any, adobe: Adobe) -> None:
    names = sorted(each["name"] for each in adobe.datasets.named(None).values())

    status, output = run(adobe, *without("--dataset"), typed="x\n2\n")

    assert status == 0, output
    assert "there is no dataset x" in output
    assert names[1][-4:] in section(folder, "dev-sources")["parameter_overrides"]
    assert run(adobe, *without("--dataset"), "--dataset", names[0])[0] == 0


@pytest.mark.parametrize("way", ["option", "answer"])
def test_empty_sandbox_needs_no_dataset(folder: Path, ssm: Any, adobe: Adobe, way: str) -> None:
    for dataset_id in adobe.datasets.named(None):
        adobe.datasets.delete(dataset_id)
    given = ("--dataset", "none") if way == "option" else ()

    status, output = run(adobe, *without("--dataset"), *given, typed="" if given else "1\n")

    assert status == 0, output
    assert "inlet schema from" in output
    overrides = section(folder, "dev-sources")["parameter_overrides"]
    assert "DatasetId" not in overrides
    assert "KeepBodies=7" in overrides


def test_dataset_of_profiles_is_accepted_with_advice(folder: Path, ssm: Any, adobe: Adobe) -> None:
    status, output = run(adobe, *without("--dataset"), "--dataset", PROFILES_DATASET_ID)

    assert status == 0, output
    assert "it has one of profiles" in output


def test_credentials_that_exist_are_replaced_by_others(
    folder: Path, ssm: Any, adobe: Adobe
) -> None:
    ssm.put_parameter(Name=PARAMETER, Value='{"client_id": "old"}', Type="SecureString")

    status, output = run(adobe, *FLAGS)

    assert status == 0, output
    assert stored(ssm)["client_id"] == adobe.tenant.client_id


def test_older_secret_is_not_stored_in_place_of_the_newest(
    folder: Path, ssm: Any, adobe: Adobe
) -> None:
    """`inlet secret` stores the first of Secrets."""
    older = "/inlet-bridge/dev/secrets/github-old"
    both = 'secrets/github", !Sub "/inlet-bridge/${Stage}/secrets/github-old"]'
    (folder / "sources.yaml").write_text(SOURCES.replace('secrets/github"]', both))
    ssm.put_parameter(Name="/inlet-bridge/dev/secrets/github", Value="a", Type="SecureString")

    output = run(adobe, *FLAGS)[1]

    assert f"Source github needs its secret {older} before" in output
    assert f"aws ssm put-parameter --type SecureString --name {older}" in output
    assert "inlet secret" not in output


def test_secret_that_a_source_needs_is_named(folder: Path, ssm: Any, adobe: Adobe) -> None:

    (folder / "sources.yaml").write_text(SOURCES)

    output = run(adobe, *FLAGS)[1]

    assert "Source github needs its secret /inlet-bridge/dev/secrets/github before" in output
    assert "  inlet secret github --stage dev\n" in output
