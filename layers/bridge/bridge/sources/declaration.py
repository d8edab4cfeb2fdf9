"""From what a template says of a sender to its scheme and recipes; for provisioning only.

Names are written as in CloudFormation (`PastSeconds` for `past_seconds`, `From` for `from_`).
CloudFormation hands every scalar over as a text, so `"300"` and `"true"` are what they say, and
`none` is nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from difflib import get_close_matches
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from bridge.errors import InvalidPropertyError
from bridge.sources.catalogue import PRESETS, Preset
from bridge.sources.identification import check_alternative
from bridge.sources.scheme_rules import check_scheme
from bridge.sources.schemes import MacScheme, Scheme, TokenScheme

CUSTOM = "custom"
"""The provider of a source whose scheme is spelt out."""

_FAMILIES: Mapping[str, type[MacScheme | TokenScheme]] = {"mac": MacScheme, "token": TokenScheme}


@dataclass(frozen=True, slots=True)
class Declared:
    """What a source document says of its sender."""

    provider: str
    scheme: Scheme
    delivery_id: tuple[str, ...]
    event_type: tuple[str, ...]


def declare_scheme(provider: str | None, scheme: Mapping[str, Any] | None) -> Declared:
    """Expand the properties `Provider` and `Scheme` of a source.

    Args:
        provider: a preset's name; None when the scheme is spelt out.
        scheme: spelt out, or what differs from the preset.

    Raises:
        InvalidPropertyError: names the first property that cannot be used.
    """
    if not provider:
        if not scheme:
            raise InvalidPropertyError("Provider", "name a provider, or spell out its Scheme")
        return Declared(CUSTOM, _scheme(_family(scheme), {}, scheme), (), ())
    preset = _preset(provider)
    return Declared(
        provider,
        _scheme(type(preset.scheme), asdict(preset.scheme), scheme or {}),
        preset.delivery_id,
        preset.event_type,
    )


def declare_recipe(path: str, recipe: str | Sequence[str]) -> tuple[str, ...]:
    """Check a recipe that a template gives in place of the preset's; see `identification`.

    Raises:
        InvalidPropertyError: one of its alternatives cannot be read.
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
    hint = _suggestion(provider.lower(), sorted(PRESETS))
    raise InvalidPropertyError("Provider", f"there is no {provider!r}; {hint}")


def _family(scheme: Mapping[str, Any]) -> type[MacScheme | TokenScheme]:
    if family := _FAMILIES.get(str(scheme.get("Family"))):
        return family
    raise InvalidPropertyError("Scheme.Family", f"must be {' or '.join(_FAMILIES)}")


def _scheme(
    family: type[MacScheme | TokenScheme], preset: dict[str, Any], given: Mapping[str, Any]
) -> Scheme:
    document = _over(preset, _in_our_words(family, given, "Scheme"))
    try:
        scheme = TypeAdapter[Scheme](family).validate_python(document)
    except ValidationError as exc:
        error = exc.errors(include_input=False, include_url=False)[0]
        path = ".".join(["Scheme", *(_pascal(str(step)) for step in error["loc"])])
        required = error["type"] == "missing"
        reason = "is required" if required else error["msg"].replace("Input should", "must")
        # The chain would show what the property holds, which may be a secret gone astray.
        raise InvalidPropertyError(path, reason) from None
    check_scheme(scheme)
    return scheme


def _in_our_words(cls: type[Any], given: Any, path: str) -> dict[str, Any]:
    """The properties of one level by the names of the dataclass that they belong to."""
    if not isinstance(given, Mapping):
        raise InvalidPropertyError(path, "must be a mapping")
    hints = get_type_hints(cls)
    names = {_pascal(name): name for name in hints}
    document = {}
    for written, value in given.items():
        if written not in names:
            hint = _suggestion(written, list(names))
            raise InvalidPropertyError(f"{path}.{written}", f"there is no such property; {hint}")
        name = names[written]
        document[name] = _read(hints[name], value, f"{path}.{written}")
    return document


def _read(hint: Any, value: Any, path: str) -> Any:
    choices = get_args(hint)
    if value == "none" and NoneType in choices:
        return None
    for nested in (hint, *choices):
        if isinstance(nested, type) and is_dataclass(nested):
            return _in_our_words(nested, value, path)
    return (value,) if get_origin(hint) is tuple and isinstance(value, str) else value


def _over(base: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """The base with what is given in its place, level by level."""
    both = {
        name: _over(base[name], value)
        for name, value in given.items()
        if isinstance(value, dict) and isinstance(base.get(name), dict)
    }
    return base | given | both


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _suggestion(written: str, known: Sequence[str]) -> str:
    near = get_close_matches(written, known)
    return f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(known)}"
