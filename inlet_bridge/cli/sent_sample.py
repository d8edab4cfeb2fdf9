"""The samples that `inlet send` sends: files as `inlet map` reads them, and those of recipes."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple
from zlib import crc32

from bridge.strict_json import read_json, write_json
from bridge.verification.catalogue import PRESETS, Preset
from bridge.verification.schemes import Scheme
from inlet_bridge.mapping.errors import PreviewError
from inlet_bridge.mapping.sample_reading import (
    read_sample,
    sample_content,
    sample_in,
    sample_name,
)
from inlet_bridge.recipes.recipe import recipe_of

_EMPTY: Final = 'For a webhook without a body, write {"headers": {}, "body": ""}.'
_OF_THE_CONNECTION: Final = frozenset(
    {
        *("accept-encoding", "connection", "content-encoding", "content-length", "expect", "host"),
        *("keep-alive", "te", "trailer", "transfer-encoding", "upgrade"),
    }
)
"""Headers of a request that was recorded, which those of the new request replace."""
_OWN_PART: Final = re.compile(r"[^/_]+$")


class Content(NamedTuple):
    """What is signed and sent.

    Attributes:
        headers: by lower-case name, without a signature.
        query: as in a URL, without `?`.
        sample: name of the recipe's sample; empty for another content.
    """

    headers: Mapping[str, str]
    body: bytes
    query: str = ""
    sample: str = ""


class RecipeSample(NamedTuple):
    """A sample of a recipe.

    Attributes:
        name: of the sample.
        event: type of its first event, as the provider names it.
        file: as `inlet map` reads it.
        only_its_events: whether the other events of a batch are left out.
    """

    name: str
    event: str
    file: Path
    only_its_events: bool = False


def recipe_sample(provider: str, event: str) -> RecipeSample | None:
    """The sample of a provider's recipe for an event; None if there is none.

    Args:
        provider: name of the preset.
        event: type as the provider names it; empty for the first sample.
    """
    recipe = recipe_of(provider)
    if recipe is None:
        return None
    for each in recipe.events:
        if each.samples and event in ("", each.name):
            return RecipeSample(each.samples[0], each.name, recipe.sample(each.samples[0]))
    for name in recipe.batches:
        file = recipe.sample(name)
        types = _types_in(file, provider)
        if types and event in ("", *types):
            return RecipeSample(name, event or types[0], file, only_its_events=bool(event))
    return None


def _types_in(batch: Path, provider: str) -> list[str]:
    """The event types of a batch, which is a JSON array."""
    path = PRESETS[provider].event_type[0].removeprefix("json:0.").split(".")
    return [str(_at(each, path)) for each in read_json(read_sample(batch)[1].decode())]


def file_content(
    file: Path, preset: Preset, headers: Mapping[str, str], *, is_event_given: bool
) -> Content:
    """The content of a file: a body, or an object of headers, body and query.

    The body is sent as it is. Headers that contain the delivery ID are new, so that the file can
    be sent more than once; the sample's signature is left out.

    Args:
        file: as `inlet map` reads it.
        preset: of the provider.
        headers: with the ID and the event type, in place of those of the sample.
        is_event_given: whether the type in these headers was given by the user.

    Raises:
        PreviewError: the file cannot be read, or is empty.
    """
    content = sample_content(file)
    if not content.strip():
        raise PreviewError(f"{sample_name(file)} is empty", hint=_EMPTY)
    given, body, query = sample_in(content, sample_name(file))
    left_out = _OF_THE_CONNECTION.union(_names(_credentials(preset.scheme)))
    kept = {name: value for name, value in given.items() if name not in left_out}
    replaced = set(headers)
    if not is_event_given:
        replaced -= set(_names(_parts(preset.event_type)))
    new = {name: value for name, value in headers.items() if name in replaced or name not in kept}
    return Content(kept | new, body, query)


def recipe_content(
    sample: RecipeSample, preset: Preset, headers: Mapping[str, str], delivery_id: str
) -> Content:
    """The content of a sample of a recipe, with a new delivery ID.

    Args:
        sample: as chosen for an event.
        preset: of the provider.
        headers: with the ID and the event type, in place of those of the sample.
        delivery_id: the new ID. A value such as `evt_1` or an address keeps what precedes it.
    """
    given, body, query = read_sample(sample.file)
    if sample.only_its_events:
        path = preset.event_type[0].removeprefix("json:0.").split(".")
        items = [each for each in read_json(body.decode()) if _at(each, path) == sample.event]
        body = write_json(items)
    for part in _parts(preset.delivery_id[:1])[:1]:
        if part.startswith("json:"):
            document = read_json(body.decode())
            body = write_json(
                _with_id(document, part.removeprefix("json:").split("."), delivery_id)
            )
    return Content({**given, **headers}, body, query, sample.name)


def _with_id(node: Any, steps: list[str], delivery_id: str) -> Any:
    """The document with a new ID at a path, if there is one; each item of a list has its own."""
    if not steps:
        if isinstance(node, str):
            return _OWN_PART.sub(delivery_id, node)
        return crc32(delivery_id.encode()) if isinstance(node, int) else node
    if isinstance(node, list) and steps[0] == "*":
        return [
            _with_id(each, steps[1:], f"{delivery_id}-{position}")
            for position, each in enumerate(node)
        ]
    if not isinstance(node, dict) or steps[0] not in node:
        return node
    return {**node, steps[0]: _with_id(node[steps[0]], steps[1:], delivery_id)}


def _at(node: Any, steps: list[str]) -> Any:
    """The value at a path; None without one."""
    for step in steps:
        node = node.get(step) if isinstance(node, dict) else None
    return node


def _credentials(scheme: Scheme) -> Iterator[str]:
    """The extractors of what proves the sender, and of the time of the signature."""
    yield from getattr(scheme, "from_", ())
    for name in ("signature", "timestamp"):
        found = getattr(getattr(scheme, name, None), "from_", ())
        yield from (found,) if isinstance(found, str) else found


def _names(extractors: Iterable[str]) -> Iterator[str]:
    """The names of the headers among extractors."""
    for each in extractors:
        kind, _, path = each.partition(":")
        if kind == "header":
            yield path.partition("|")[0].lower()
        elif kind in {"basic", "authorization"}:
            yield "authorization"


def _parts(recipes: Iterable[str]) -> list[str]:
    return [part for each in recipes for part in each.split("+")]
