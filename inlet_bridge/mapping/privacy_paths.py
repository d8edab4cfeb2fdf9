"""Find paths of Privacy that change nothing in a sample, and may be meant to."""

from collections.abc import Iterator
from typing import Any, Final

from bridge.messages.privacy import redacted
from bridge.provisioning.sources.privacy_paths import FORM, other_form, plain_path, privacy_paths
from bridge.sources.route import Privacy
from bridge.spelling import nearest
from bridge.strict_json import read_json

_SIMILARITY: Final = 0.8


def misread_paths(privacy: Privacy, body: bytes) -> Iterator[str]:
    """A sentence for each path that finds nothing in a body, and has another form or spelling.

    Args:
        privacy: of the source.
        body: of a sample; one that is not JSON is not read.
    """
    try:
        document = read_json(body.decode())
    except (ValueError, RecursionError):
        return
    for place, path in privacy_paths(privacy):
        if _finds(document, path):
            continue
        if _finds(document, meant := plain_path(path)):
            yield f"{place}: {path} finds nothing in the sample; write {meant}: {FORM}"
        elif reason := other_form(path):
            yield f"{place}: {reason}"
        elif meant := _similar(document, path):
            yield f"{place}: {path} finds nothing in the sample; is it {meant}?"


def _similar(document: Any, path: str) -> str:
    """The path with similar names, or with `*` for a list, that finds something; or empty."""
    steps: list[str] = []
    node = document
    for step in path.split("."):
        if isinstance(node, list) and node and not (step == "*" or step.isdecimal()):
            steps.append("*")
            node = node[0]
        known = step
        if isinstance(node, dict) and step not in node:
            known = nearest(step, node, similarity=_SIMILARITY)
        node = _below(node, known)
        steps.append(known)
    meant = ".".join(steps)
    return meant if _finds(document, meant) else ""


def _below(node: Any, step: str) -> Any:
    """A value that a step leads to, the first one of a list; None if there is none."""
    if isinstance(node, list):
        index = int(step) if step.isdecimal() else 0
        return node[index] if index < len(node) else None
    return node.get(step) if isinstance(node, dict) else None


def _finds(document: Any, path: str) -> bool:
    return bool(all(path.split(".")) and redacted(document, Privacy(drop=(path,))) != document)
