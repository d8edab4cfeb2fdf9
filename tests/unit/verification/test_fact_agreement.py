"""What a provider documents about its requests agrees with what its preset does."""

import json

import pytest

from bridge.verification.catalogue import PRESETS, Preset
from bridge.verification.facts import FACTS
from bridge.verification.jwt_scheme import JwtScheme
from bridge.verification.public_key_scheme import PublicKeyScheme
from bridge.verification.schemes import MacScheme
from tests.support.sam_template import ROOT

every_provider = pytest.mark.parametrize("name", PRESETS)

UNITS = json.loads(
    (ROOT / "layers" / "bridge" / "bridge" / "messages" / "minor_units.json").read_text()
)


@every_provider
def test_refusal_is_stated_where_the_preset_has_one(name: str) -> None:
    preset, fact = PRESETS[name].refusal, FACTS[name].refusal
    if preset is not None:
        assert fact.documented
        assert fact.status == preset.status
    assert (fact.body == "none") <= (preset is not None)
    assert (fact.status not in {None, 401}) <= (preset is not None)


@every_provider
def test_body_form_is_among_the_documented_ones(name: str) -> None:
    form, documented = PRESETS[name].body, set(FACTS[name].bodies.forms)

    assert form == "auto" or documented - {"none"} == {form}
    assert ("none" in documented) <= ("GET" in PRESETS[name].methods or form == "auto")


@every_provider
def test_compressed_body_is_signed_as_documented(name: str) -> None:
    bodies, scheme = FACTS[name].bodies, PRESETS[name].scheme

    before = isinstance(scheme, MacScheme) and scheme.uncompressed_body
    assert (bodies.signed == "decoded") is before
    assert before <= bool(bodies.encodings)


@every_provider
def test_algorithms_are_the_documented_ones(name: str) -> None:
    fact = FACTS[name].algorithm
    stated, allowed, without = _algorithms(PRESETS[name])

    assert set(fact.allowed) == allowed
    assert fact.without == without
    if fact.stated_in != stated:
        # Not read, but required, since its value is always the same.
        assert f"{fact.stated_in}=" in "".join(getattr(PRESETS[name].scheme, "require", ()))


def _algorithms(preset: Preset) -> tuple[str, set[str], str]:
    """Where a request states its algorithm, the allowed ones, and that of one without."""
    match preset.scheme:
        case MacScheme() | PublicKeyScheme() as scheme if scheme.algorithm_from:
            named = dict(choice.rpartition("=")[::2] for choice in scheme.algorithms)
            return scheme.algorithm_from, set(named.values()), named.get("", "")
        case MacScheme() | PublicKeyScheme() as scheme:
            return "", {scheme.algorithm}, ""
        case JwtScheme() as scheme:
            return "token", set(scheme.algorithms), ""
        case _:
            return "", set(), ""


@every_provider
def test_amounts_are_converted_as_documented(name: str) -> None:
    fact = FACTS[name].amounts
    entry = next(
        (each for key, each in UNITS.items() if name in {key, *each.get("presets", ())}), None
    )
    if entry is None:
        assert fact.unit is None, "its unit belongs into minor_units.json"
        return
    assert fact.unit == entry.get("unit", "minor")
    assert fact.source in entry["source"]
    assert fact.unverified is entry.get("unverified", False)


@every_provider
def test_every_fact_of_a_registration_check_has_its_own_page(name: str) -> None:
    registration = FACTS[name].registration

    assert registration.documented is bool(registration.checks)
    assert all(check.source for check in registration.checks)
