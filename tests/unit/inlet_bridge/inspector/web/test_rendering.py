"""Sentences show their parts in backticks as code, and nothing else as markup."""

import pytest

from inlet_bridge.inspector.web.rendering import fragment


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Use `inlet why`.", "Use <code>inlet why</code>."),
        ("`a` and `b`", "<code>a</code> and <code>b</code>"),
        ("`<b>` <i>", "<code>&lt;b&gt;</code> &lt;i&gt;"),
        ("one ` only <b>", "one ` only &lt;b&gt;"),
        ("`a\u202eb`", "<code>a\ufffdb</code>"),
        ("", ""),
    ],
)
def test_code_in_a_sentence(text: str, shown: str) -> None:
    assert f'role="alert">{shown}</p>' in page(text)


def page(text: str) -> str:
    return fragment(
        "error.html",
        title="It failed",
        text=text,
        hint="",
        stack="",
        path="/",
        version="1",
        is_local=False,
        actions_allowed=True,
    )
