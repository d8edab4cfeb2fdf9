"""Text that attacks a page."""

from typing import Final

from tests.support.hostile_text import HOSTILE

RUNS: Final = "alert(document.domain)"
"""What would run; a test listens to dialogs."""

HOSTILE_MARKUP: Final = (
    f'"><script>{RUNS}</script><img src=x onerror={RUNS}><svg onload={RUNS}>'
    f"' onmouseover='{RUNS}' x='\" onmouseover=\"{RUNS}\" hx-on:click={RUNS} `"
    f"<a href=\"javascript:{RUNS}\">x</a><iframe src='https://evil.example/'></iframe>"
    f"<link rel=stylesheet href=//evil.example/x.css>{{{{7*7}}}}{{%raw%}}${{{RUNS}}}"
    f"</textarea></title></pre><!--{HOSTILE}"
)
"""Breaks out of texts, attributes with each kind of quotes, URLs, elements and templates."""


def hostile(text: str) -> str:
    """A text of a sender, and an attack behind it."""
    return f"{text}{HOSTILE_MARKUP}"
