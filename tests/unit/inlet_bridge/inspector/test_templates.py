"""Templates and scripts have nothing that would weaken escaping or the security policy."""

import re
from pathlib import Path
from typing import Final

import pytest

from tests.support.sam_template import ROOT

FOLDER: Final = ROOT / "inlet_bridge" / "inspector"
TEMPLATES: Final = sorted((FOLDER / "templates").glob("*.html"))
SCRIPTS: Final = sorted((FOLDER / "static").glob("*.js"))
STYLES: Final = sorted((FOLDER / "static").glob("*.css"))
FORBIDDEN: Final = {
    "an unescaped value": r"\|\s*safe\b|Markup|autoescape",
    "an inline script": r"<script(?![^>]*\bsrc=\"/static/)",
    "an inline style": r"<style\b|\bstyle=",
    "an event attribute": r"<[^>{]*\s(?:on\w+|hx-on\S*|hx-vars)=",
    "an expression that htmx evaluates": r"\bjs:|javascript:|hx-\w+=\"[^\"]*\[",
    "an attribute without quotes": r"\s[\w-]+=\{\{",
    "a URL that begins with a value": r"\b(?:href|src|action|formaction|hx-get|hx-post|sse-connect)"
    r"=\"\{\{(?!\s*(?:each\.link|older|newest|live|where|own_address|address\())",
    "another origin": r"\b(?:href|src|action)=\"(?:https?:)?//",
    "a POST without htmx or a form": r"\bhx-(?:put|patch|delete)\b",
}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
@pytest.mark.parametrize("what", FORBIDDEN)
def test_template_has_no(what: str, template: Path) -> None:
    assert re.findall(FORBIDDEN[what], template.read_text()) == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_script_writes_texts_only_and_asks_nobody_else(script: Path) -> None:
    text = script.read_text()

    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", text)
    assert not re.search(r"\bFunction\(|https?://|localStorage|sessionStorage", text)


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.name)
def test_style_loads_nothing(style: Path) -> None:
    assert not re.search(r"@import|url\(", style.read_text())


def test_templates_are_found() -> None:
    assert {"base.html", "error.html"} <= {path.name for path in TEMPLATES}
    assert STYLES
