"""Consistency of the presets; `test_providers` verifies requests with each."""

import importlib.util
import json
import subprocess
import sys
from dataclasses import fields
from typing import Any
from urllib.parse import urlsplit

import pytest

from bridge.errors import InvalidPropertyError
from bridge.parameter_json import document_of
from bridge.verification.catalogue import PRESETS, Preset
from bridge.verification.declaration import Declared, declare_recipe, declare_scheme
from bridge.verification.handshake_rules import check_handshake
from bridge.verification.scheme_rules import check_scheme
from tests.support.signing_senders import CASES

every_preset = pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)


@pytest.mark.parametrize("name", PRESETS)
def test_preset_passes_the_scheme_rules(name: str) -> None:
    case = CASES[name]

    check_scheme(case.declared.scheme)
    for handshake in case.declared.handshakes:
        check_handshake(handshake, case.declared.scheme)


def test_parameter_that_only_the_user_knows_is_required() -> None:
    with pytest.raises(InvalidPropertyError, match=r"Scheme\.From"):
        declare_scheme("marketo", None)


@pytest.mark.parametrize("name", [name for name, preset in PRESETS.items() if preset.constants])
def test_constant_that_a_preset_needs_is_required(name: str) -> None:
    for missing, where in PRESETS[name].constants.items():
        given = {key: text for key, text in CASES[name].sender.constants.items() if key != missing}
        with pytest.raises(InvalidPropertyError) as caught:
            declare_scheme(name, CASES[name].sender.scheme, given)

        assert caught.value.path == f"Constants.{missing}"
        assert where in caught.value.reason


def test_unused_constant_is_rejected() -> None:
    with pytest.raises(
        InvalidPropertyError, match=r"Constants\.webhook: .*known constants: webhook_id"
    ):
        declare_scheme("paypal", None, {"webhook_id": "WH-1", "webhook": "WH-1"})


def test_constant_must_not_contain_braces() -> None:
    with pytest.raises(
        InvalidPropertyError, match=r"Constants\.webhook_id: must not contain braces"
    ):
        declare_scheme("paypal", None, {"webhook_id": "{body}"})


def test_source_document_of_every_preset_fits_a_parameter() -> None:
    """Even with the longest names, three secrets and twenty flows; the limit of SSM is 8 kB."""
    sizes = {
        name: len(json.dumps([_document(case.declared)], separators=(",", ":")))
        for name, case in CASES.items()
    }

    assert max(sizes.values()) < 3_000, sizes


def _document(declared: Declared) -> dict[str, Any]:
    return {each.name: document_of(getattr(declared, each.name)) for each in fields(declared)}


@every_preset
def test_recipes_of_a_preset_are_valid(preset: Preset) -> None:
    assert declare_recipe("DeliveryId", preset.delivery_id) == preset.delivery_id
    assert declare_recipe("EventType", preset.event_type) == preset.event_type
    assert declare_recipe("SentAt", preset.sent_at) == preset.sent_at


@every_preset
def test_preset_documents_its_secret_and_its_source(preset: Preset) -> None:
    assert preset.title
    assert preset.secret
    assert preset.setup
    assert urlsplit(preset.documentation).scheme == "https"


@every_preset
def test_event_type_is_never_a_delivery_id(preset: Preset) -> None:
    assert not set(preset.delivery_id) & set(preset.event_type)


LAZY = [
    "receiving.handshakes",
    "verification.canonical_requests",
    "verification.catalogue",
    "verification.certificates",
    "verification.declaration",
    "verification.handshake_response",
    "verification.handshakes",
    "verification.jwt",
    "verification.jwt_scheme",
    "verification.key_formats",
    "verification.public_key",
    "verification.public_key_scheme",
    "verification.scheme_parsing",
    "verification.xml_extractor",
]


def test_receiver_imports_neither_the_catalogue_nor_large_libraries() -> None:
    script = (
        "import sys, bridge.receiving.gate, bridge.sources.source\n"
        "import bridge.verification.identification\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))\n"
        "print(*sys.modules)\n"
    )
    run = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    roots, modules = (set(line.split()) for line in run.stdout.splitlines())

    assert not roots & {"pydantic", "boto3", "requests", "cryptography", "jwt"}
    # Powertools' logger imports only the version of botocore.
    assert not modules & {"botocore.session", "botocore.client", "botocore.loaders"}
    assert not modules & {f"bridge.{name}" for name in LAZY}
    assert all(importlib.util.find_spec(f"bridge.{name}") for name in LAZY)
