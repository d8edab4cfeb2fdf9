"""Check a page with axe-core, https://github.com/dequelabs/axe-core."""

from typing import Any, Final

from playwright.sync_api import Page

from tests.support.sam_template import ROOT

_SOURCE: Final = (ROOT / "tests" / "browser" / "vendor" / "axe.min.js").read_text()
_RUN: Final = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations", "incomplete"]});
  return found.violations.map(each => ({id: each.id, help: each.help,
    nodes: each.nodes.map(node => `${node.target.join(" ")}: ${node.failureSummary}`)}));
}"""


def violations(page: Page) -> list[str]:
    """What axe-core finds on a page: all its rules, among them the best practices."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_SOURCE)
    found: list[Any] = page.evaluate(_RUN)
    return [f"{each['id']}: {each['help']}\n  " + "\n  ".join(each["nodes"]) for each in found]
