"""Markdown."""

from benchmarks.tables import table


def test_table_has_a_head_a_rule_and_its_rows() -> None:
    assert table(("name", "ms"), [("a", "1"), ("b", "2")]).splitlines() == [
        "| name | ms |",
        "| --- | ---: |",
        "| a | 1 |",
        "| b | 2 |",
    ]
