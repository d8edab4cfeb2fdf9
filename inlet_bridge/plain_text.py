"""Replace characters that control a terminal or are invisible.

Delivery ids, event types, reasons and payloads are chosen by unauthenticated clients. Everything
that the `inlet` command prints passes through `plain`.
"""

import json
import re
from typing import Any, Final

from bridge.strict_json import write_json_text

_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
# The Unicode categories Cc (C0, DEL and C1 controls), Cf (bidirectional controls, zero-width
# characters, tags), Cs, Zl and Zp, the noncharacters of the first plane, and the others with
# the property Default_Ignorable_Code_Point: they are invisible, so two names look equal.
# https://www.unicode.org/Public/15.1.0/ucd/DerivedCoreProperties.txt
_UNSAFE_BUT_LINES: Final = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"
    "\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
_IN_LINES: Final = re.compile(f"[{_UNSAFE_BUT_LINES}]")
_IN_ONE_LINE: Final = re.compile(f"[\t\n{_UNSAFE_BUT_LINES}]")

_MAX_GROWTH: Final = 20


def plain(text: str, *, lines: bool = False) -> str:
    r"""Replace each control character and each invisible character by U+FFFD.

    Args:
        text: untrusted text.
        lines: whether `\n` and `\t` are kept; a name with a line break can forge a line of output.
    """
    return (_IN_LINES if lines else _IN_ONE_LINE).sub(_REPLACEMENT, text)


def plain_json(document: Any) -> str:
    r"""Write JSON; characters that `plain` replaces are escaped as `\uXXXX`.

    It is indented, unless indentation would make it more than 20 times as long: indentation grows
    with the square of the depth, so that 5,000 nested lists would fill 50 MB.

    Raises:
        ValueError: a number is not finite.
    """
    text, compact = (write_json_text(document, indent=indent) for indent in (2, None))
    if len(text) > _MAX_GROWTH * len(compact):
        text = compact
    return _IN_LINES.sub(lambda found: json.dumps(found[0])[1:-1], text)
