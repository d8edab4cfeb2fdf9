"""Say of a `!` within { } or [ ] that YAML reads a tag, with the bracket or comma after it."""

import re
from typing import Final

from inlet_bridge.template_reading.yaml_loader import SHORT_FORMS
from inlet_bridge.template_reading.yaml_traps import shown, unknown_tag

_TAG: Final = re.compile(r"![^\s{}\[\],]*")
_BEFORE_A_COMMA: Final = re.compile(r"[:,\[] *(![\w.]+), *[\w.-]+ *:\Z", re.ASCII)


def tag_fault(context: str, read: str) -> tuple[str, str] | None:
    """The reason and the hint for a tag that a bracket or a comma follows at once; else None.

    Args:
        context: what the parser was doing when it gave up.
        read: from the beginning of that to the character at which it gave up.
    """
    if context.startswith("while scanning a tag") and (found := _TAG.match(read)):
        tag = found[0]
    elif context.startswith("while parsing a flow") and (found := _BEFORE_A_COMMA.search(read)):
        tag = found[1]
    else:
        return None
    if tag.removeprefix("!") in SHORT_FORMS:
        return f"{shown(tag)} has no value", f"Write a space and a value after {shown(tag)}."
    return unknown_tag(tag)[:2]
