"""Warn of paths of `Privacy` in another form, which may change nothing.

They are names joined by dots, with `*` for each item of a list; a field can have almost any name.
"""

import re
from collections.abc import Iterator
from typing import Final

from bridge.sources.route import Privacy

_ROOT: Final = re.compile(r"^(?:\$\.?|body\.|/)")
_ITEM: Final = re.compile(r"\[(?:\*|(\d+))?\]")
_NO_BODY: Final = re.compile(r"^(?:headers?|query)[.:\[]")
FORM: Final = "names below the body with dots, and * for each item of a list"


def privacy_paths(privacy: Privacy) -> Iterator[tuple[str, str]]:
    """Each path after its place, such as `Privacy.Drop.0`."""
    for name in ("drop", "mask", "hash"):
        for index, path in enumerate(getattr(privacy, name)):
            yield f"Privacy.{name.capitalize()}.{index}", path


def privacy_path_warnings(privacy: Privacy) -> Iterator[str]:
    """A sentence for each path that is in another form."""
    for place, path in privacy_paths(privacy):
        if reason := other_form(path):
            yield f"{place}: {reason}"


def other_form(path: str) -> str:
    """What a path in the form of another language is for; empty for any other path."""
    if _NO_BODY.match(path):
        return f"{path} is for a field of the body: Privacy changes no headers and no query"
    meant = plain_path(path)
    if meant == path:
        return ""
    steps = path.split(".")
    odd = next((each for each in steps if _ITEM.search(each)), steps[0])
    return f"{path} is for a body with a field named {odd}; if {meant} is meant, write that: {FORM}"


def plain_path(path: str) -> str:
    """A path in the form of Privacy."""
    items = _ITEM.sub(lambda found: f".{found[1] or '*'}", _ROOT.sub("", path))
    return items.strip(".") if "." in items else items.replace("/", ".")
