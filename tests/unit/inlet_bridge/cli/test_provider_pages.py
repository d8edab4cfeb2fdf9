"""Tests of the printed catalogue of providers."""

import pytest

from bridge.verification.catalogue import PRESETS
from inlet_bridge.cli.provider_pages import provider_section, providers_page
from inlet_bridge.local.workspace import ROOT
from tests.support.command_runs import run


def test_page_in_docs_is_up_to_date() -> None:
    page = (ROOT / "docs" / "providers.md").read_text(encoding="utf-8")

    assert page == providers_page(), "inlet providers --markdown > docs/providers.md"


@pytest.mark.parametrize("name", PRESETS)
def test_section_says_where_the_secret_is_and_where_the_url_goes(name: str) -> None:
    section = provider_section(name)

    assert section.startswith(f"## {name}\n")
    assert f"**Secret:** {PRESETS[name].secret}" in section
    assert f"**Enter the URL at:** {PRESETS[name].setup}" in section
    assert all(f"**Constant `{constant}`:**" in section for constant in PRESETS[name].constants)
    assert all(quirk in section for quirk in PRESETS[name].quirks)
    assert f"Provider: {name}\n" in section


@pytest.mark.parametrize("name", PRESETS)
def test_section_has_the_response_of_a_provider_that_gets_no_202(name: str) -> None:
    [*lines] = (line for line in provider_section(name).splitlines() if "**Response:**" in line)
    response = PRESETS[name].acknowledgement

    assert len(lines) == (response is not None)
    if response:
        content = f"with `{response.body}`" if response.body else "without a body"
        assert lines[0].startswith(f"- **Response:** {response.status} {content}, whether ")


def test_command_lists_all_and_shows_one() -> None:
    status, listed = run("providers")
    assert status == 0
    assert all(preset.title.split(",")[0] in listed for preset in PRESETS.values())

    assert run("providers", "adyen_payments")[1] == provider_section("adyen_payments")
    assert run("providers", "--markdown")[1] == providers_page()


def test_similar_name_is_suggested() -> None:
    status, said = run("providers", "shopfy")

    assert status == 2
    assert "shopify" in said


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("zoom", "in `header:x-zm-signature` as `v0=…`; at most `RecordDays` (8) days old"),
        ("stripe", "in `header:stripe-signature` as `t=…,v1=…`; at most 300 s old"),
        ("discord", "in `header:x-signature-ed25519`; at most `RecordDays` (8) days old"),
    ],
)
def test_section_has_the_form_of_the_signature_and_its_age(name: str, written: str) -> None:
    assert written in provider_section(name)
