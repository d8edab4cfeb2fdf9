"""Read the type and the time of each event of a split webhook.

The recipes of a source name those of the first event: `json:events.0.type`. Where a path leads into
the list that `Split` names, it is read in each event: of a webhook with a `contact.creation` and a
`deal.creation`, each event has its own type.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from bridge.delivery.delivery import Delivery
from bridge.idempotency_keys import bounded
from bridge.sources.source import Source
from bridge.verification.extractors import EACH, texts_in
from bridge.verification.identification import first_hit
from bridge.verification.timestamps import instant

# `body.events`, `body.entry[].changes[]` and `body[?kind]`: the paths of a recipe spell these out.
_LISTS: Final = re.compile(r"""body((?:\.\w+|\."[^".]+"|\[\*?]|\[\?[^\[\]]*])*)""")
# `[body][]` is the list in the body, or a body that is one event.
_LIST_OR_ONE: Final = re.compile(r"\[([^\[\],]+)\]\[\]")
_STEP: Final = re.compile(r"""\.(\w+)|\."([^".]+)"|\[[^\]]*]""")
_FIRST_OR_EACH: Final = frozenset({"0", EACH})
_JSON: Final = "json:"


class ItemFields(NamedTuple):
    """The fields of the events of one webhook.

    Attributes:
        path: of the list of events in the body.
        event_type: the alternatives of the recipe; none if the type is not found in the body.
        sent_at: of the time, likewise.
    """

    path: tuple[str, ...]
    event_type: tuple[str, ...]
    sent_at: tuple[str, ...]

    def of(self, whole: Delivery, document: Any, item: Any) -> Delivery:
        """The webhook with the type and the time of an event, or its own where that has none."""
        found = self._texts(self.event_type, document, item)
        kind = bounded("+".join(found)) or whole.event_type
        time = instant("+".join(self._texts(self.sent_at, document, item)))
        return whole._replace(event_type=kind, sent_at=time or whole.sent_at)

    def _texts(self, recipe: Sequence[str], document: Any, item: Any) -> list[str]:
        return first_hit(recipe, lambda extractor: self._found(extractor, document, item))

    def _found(self, extractor: str, document: Any, item: Any) -> tuple[str, ...]:
        path = tuple(extractor.removeprefix(_JSON).split("."))
        inner = path[len(self.path) :]
        if inner and all(map(_leads_to, path, self.path)):
            return texts_in(item, inner)
        return texts_in(document, path)


def item_fields(source: Source, whole: Delivery, document: Any) -> ItemFields:
    """How the fields of the events of a webhook are read.

    A field stays the webhook's if that was not found in the body, but in a header or the signature.

    Args:
        source: its `Split` and its recipes.
        whole: the webhook.
        document: its body.
    """
    path = _path_of(source.split)
    if not path:
        return ItemFields((), (), ())
    kinds, times = _in_body(source.event_type), _in_body(source.sent_at)
    if whole.event_type not in {"", bounded("+".join(_first(kinds, document)))}:
        kinds = ()
    if whole.sent_at not in {None, instant("+".join(_first(times, document)))}:
        times = ()
    return ItemFields(path, kinds, times)


def list_of(split: str) -> str:
    """The list of events that a `Split` names: `body` of `[body][]`, too."""
    found = _LIST_OR_ONE.fullmatch(split.strip())
    return found[1].strip() if found else split.strip()


def _first(recipe: Sequence[str], document: Any) -> list[str]:
    return first_hit(
        recipe, lambda extractor: texts_in(document, extractor.removeprefix(_JSON).split("."))
    )


@lru_cache(maxsize=256)
def _path_of(split: str) -> tuple[str, ...]:
    """The steps to the list of events, with `*` for each list on the way; empty if not known."""
    found = _LISTS.fullmatch(list_of(split))
    if not found:
        return ()
    steps = tuple(name or quoted or EACH for name, quoted in _STEP.findall(found[1]))
    return steps if steps and steps[-1] == EACH else (*steps, EACH)


def _in_body(recipe: Sequence[str]) -> tuple[str, ...]:
    """The alternatives that read only the JSON body."""
    return tuple(each for each in recipe if all(map(_is_json, each.split("+"))))


def _is_json(extractor: str) -> bool:
    return extractor.startswith(_JSON)


def _leads_to(step: str, wanted: str) -> bool:
    return step in _FIRST_OR_EACH if wanted == EACH else step == wanted
