"""Find paths of Privacy that are written as in another language, and so change nothing."""

import re
from collections.abc import Iterator
from typing import Any, Final

from bridge.messages.privacy import redacted
from bridge.sources.route import Privacy
from bridge.strict_json import read_json

_ROOT: Final = re.compile(r"^(?:\$\.?|body\.|/)")
_ITEM: Final = re.compile(r"\[(?:\*|(\d+))?\]")


def misread_paths(privacy: Privacy, body: bytes) -> Iterator[str]:
    """A sentence for each path that finds nothing in a body, and would without the other form.

    Args:
        privacy: of the source.
        body: of a sample; one that is not JSON is not read.
    """
    try:
        document = read_json(body.decode())
    except (ValueError, RecursionError):
        return
    for name in ("drop", "mask", "hash"):
        for index, path in enumerate(getattr(privacy, name)):
            meant = _plain(path)
            if meant != path and not _finds(document, path) and _finds(document, meant):
                place = f"Privacy.{name.capitalize()}.{index}"
                yield (
                    f"{place}: {path} finds nothing in the sample; write {meant}: names"
                    " below the body with dots, and * for each item of a list"
                )


def _plain(path: str) -> str:
    """A path in the form of Privacy."""
    items = _ITEM.sub(lambda found: f".{found[1] or '*'}", _ROOT.sub("", path))
    return items.strip(".") if "." in items else items.replace("/", ".")


def _finds(document: Any, path: str) -> bool:
    return bool(all(path.split(".")) and redacted(document, Privacy(drop=(path,))) != document)
