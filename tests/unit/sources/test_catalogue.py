"""The presets as a whole; `test_providers` has each at work."""

import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from bridge.errors import InvalidPropertyError
from bridge.sources.catalogue import PRESETS, Preset
from bridge.sources.declaration import declare_recipe
from bridge.sources.scheme_rules import check_scheme

every_preset = pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)


@every_preset
def test_a_preset_is_sound(preset: Preset) -> None:
    if preset is PRESETS["marketo"]:
        with pytest.raises(InvalidPropertyError, match=r"Scheme\.From"):
            check_scheme(preset.scheme)
    else:
        check_scheme(preset.scheme)


@every_preset
def test_the_recipes_of_a_preset_can_be_read(preset: Preset) -> None:
    assert declare_recipe("DeliveryId", preset.delivery_id) == preset.delivery_id
    assert declare_recipe("EventType", preset.event_type) == preset.event_type


@every_preset
def test_a_preset_says_where_its_secret_and_its_documentation_are(preset: Preset) -> None:
    assert preset.title
    assert preset.secret
    assert urlsplit(preset.documentation).scheme == "https"


@every_preset
def test_a_type_is_never_taken_for_a_delivery(preset: Preset) -> None:
    assert not set(preset.delivery_id) & set(preset.event_type)


def test_the_receivers_part_imports_neither_the_catalogue_nor_anything_heavy() -> None:
    script = (
        "import sys, bridge.sources.verification, bridge.sources.identification\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))\n"
        "print(*(name for name in sys.modules if name.startswith('bridge.sources.')))\n"
    )
    run = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    roots, ours = (set(line.split()) for line in run.stdout.splitlines())

    assert not roots & {"pydantic", "boto3", "botocore", "requests", "cryptography", "jwt"}
    assert not ours & {f"bridge.sources.{name}" for name in ("catalogue", "declaration")}
