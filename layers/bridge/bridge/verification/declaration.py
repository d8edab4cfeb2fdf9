"""Expand a sender's declaration in a template to its scheme and recipes; provisioning only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bridge.errors import InvalidPropertyError
from bridge.parameter_json import document_of
from bridge.verification.catalogue import PRESETS, Preset
from bridge.verification.constants import Constants
from bridge.verification.handshake_rules import check_handshake, is_public
from bridge.verification.handshakes import Handshake, HandshakeResponse, handshake_from_document
from bridge.verification.identification import check_alternative
from bridge.verification.jwt_scheme import JwtScheme
from bridge.verification.preset_names import similar_presets
from bridge.verification.public_key_scheme import PublicKeyScheme
from bridge.verification.refusal import Refusal
from bridge.verification.scheme_parsing import merge, to_field_names, validate
from bridge.verification.scheme_rules import check_scheme
from bridge.verification.schemes import (
    BodyForm,
    IamScheme,
    MacScheme,
    NoScheme,
    Scheme,
    TokenScheme,
)

CUSTOM = "custom"
"""The provider of a source that declares its own scheme."""

type _Family = type[MacScheme | TokenScheme | PublicKeyScheme | JwtScheme]

_FAMILIES: Mapping[str, _Family] = {
    "mac": MacScheme,
    "pk": PublicKeyScheme,
    "jwt": JwtScheme,
    "token": TokenScheme,
}


@dataclass(frozen=True, slots=True)
class Declared:
    """The part of a source document about its sender; see `Preset` for the attributes."""

    provider: str
    scheme: Scheme
    delivery_id: tuple[str, ...] = ()
    event_type: tuple[str, ...] = ()
    sent_at: tuple[str, ...] = ()
    timeout_seconds: float | None = None
    handshakes: tuple[Handshake, ...] = ()
    acknowledgement: HandshakeResponse | None = None
    refusal: Refusal | None = None
    body: BodyForm = "auto"
    methods: tuple[str, ...] = ()
    unsigned: tuple[str, ...] = ()
    by_content: bool = False
    split: str = ""
    item_id: str = ""


def declare_scheme(
    provider: str | None,
    scheme: Mapping[str, Any] | None,
    constants: Mapping[str, str] | None = None,
    handshakes: Sequence[Mapping[str, Any]] | None = None,
    *,
    unverified: bool = False,
) -> Declared:
    """Expand the declaration of a sender.

    Args:
        provider: a preset's name; None for a complete scheme.
        scheme: the complete scheme, or the parameters that override the preset. With another
            `Family` than the preset's, it replaces the preset's scheme.
        constants: by name.
        handshakes: replace the preset's.
        unverified: the source sets `Verification: none`.

    Raises:
        InvalidPropertyError: names the first invalid property.
    """
    preset = _preset(provider) if provider else None
    filled = (
        Constants(constants or {}, preset.constants, preset.constant_forms)
        if preset
        else Constants(constants or {}, {})
    )
    declared = Declared(
        provider=provider or CUSTOM,
        scheme=_declared_scheme(preset, scheme, filled, unverified=unverified),
    )
    if preset:
        family = declared.scheme.family
        usable = [
            each
            for each in preset.handshakes
            if (not unverified or is_public(each)) and (family == "mac" or not each.published_key)
        ]
        declared = replace(
            declared,
            delivery_id=preset.delivery_id,
            event_type=preset.event_type,
            sent_at=preset.sent_at,
            timeout_seconds=preset.timeout_seconds,
            handshakes=_filled_handshakes(usable, filled),
            acknowledgement=preset.acknowledgement,
            refusal=preset.refusal,
            body=preset.body,
            methods=preset.methods,
            unsigned=tuple(preset.unsigned),
            by_content=preset.by_content,
            split=preset.split,
            item_id=preset.item_id,
        )
    if handshakes is not None:
        own = [_handshake(index, given) for index, given in enumerate(handshakes)]
        declared = replace(declared, handshakes=_filled_handshakes(own, filled))
    for handshake in declared.handshakes:
        check_handshake(handshake, declared.scheme)
    filled.check_all_used()
    return declared


def declare_recipe(path: str, recipe: str | Sequence[str]) -> tuple[str, ...]:
    """Parse a recipe that overrides the preset's; see `identification`.

    Raises:
        InvalidPropertyError: one of its alternatives is invalid.
    """
    alternatives = (recipe,) if isinstance(recipe, str) else tuple(recipe)
    for alternative in alternatives:
        try:
            check_alternative(alternative)
        except ValueError as exc:
            raise InvalidPropertyError(path, str(exc)) from exc
    return alternatives


def _preset(provider: str) -> Preset:
    if preset := PRESETS.get(provider):
        return preset
    near = similar_presets(provider, sorted(PRESETS))
    hint = (
        f"did you mean {' or '.join(near)}?"
        if near
        else f"must be one of {', '.join(sorted(PRESETS))}"
    )
    raise InvalidPropertyError("Provider", f"unknown provider {provider!r}; {hint}")


def _handshake(index: int, given: Mapping[str, Any]) -> Handshake:
    path = f"Handshakes.{index}"
    return validate(Handshake, to_field_names(Handshake, given, path), path)


def _filled_handshakes(
    handshakes: Iterable[Handshake], constants: Constants
) -> tuple[Handshake, ...]:
    documents = (constants.fill(document_of(handshake)) for handshake in handshakes)
    return tuple(handshake_from_document(document) for document in documents)


def _declared_scheme(
    preset: Preset | None,
    given: Mapping[str, Any] | None,
    constants: Constants,
    *,
    unverified: bool,
) -> Scheme:
    if unverified:
        if given:
            raise InvalidPropertyError("Scheme", "cannot be combined with Verification: none")
        return NoScheme()
    if preset is None:
        if not given:
            raise InvalidPropertyError("Provider", "is required, unless Scheme is complete")
        return _scheme(_family(given), {}, given, constants)
    if isinstance(preset.scheme, NoScheme | IamScheme):
        raise InvalidPropertyError(
            "Verification", "must be none: this provider does not sign its webhooks"
        )
    own = type(preset.scheme)
    if given and "Family" in given and (other := _family(given)) is not own:
        # Some providers authenticate in several ways; the rest of the preset applies to all.
        return _scheme(other, {}, given, constants)
    return _scheme(own, document_of(preset.scheme), given or {}, constants)


def _family(scheme: Mapping[str, Any]) -> _Family:
    if family := _FAMILIES.get(str(scheme.get("Family"))):
        return family
    raise InvalidPropertyError(
        "Scheme.Family",
        f"must be one of {', '.join(_FAMILIES)}: mac is a hash with a shared secret, such as HMAC,"
        " pk a signature with a public key, jwt a JSON Web Token, and token the secret itself",
    )


def _scheme(
    family: _Family, preset: dict[str, Any], given: Mapping[str, Any], constants: Constants
) -> Scheme:
    document = constants.fill(merge(preset, to_field_names(family, given, "Scheme")))
    scheme = validate(family, document, "Scheme")
    check_scheme(scheme)
    return scheme
