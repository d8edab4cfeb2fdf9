"""Tests of invalid options: the error names the option and the way out."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from inlet_bridge.cli.main import app

FORM = "must be a time such as 2026-11-28T12:00:00, or a duration such as 90m or 2d"
PERIOD = ("--since", "2020-11-30", "--until", "2020-11-29")
STAGE = "a stage is 1-16 lower-case letters, digits or hyphens and begins with a letter"
FUTURE = "is in the future; now it is 20"
ZERO = "is a duration of zero; give one such as 90m"
IN_PERIOD = ("replay", "github"), ("dead-letters", "list"), ("dead-letters", "redrive")
SINCE = (
    *IN_PERIOD,
    *(("deliveries",), ("deliveries", "--refused"), ("tail",), ("why", "x"), ("ingested",)),
    *(("failed", "list"), ("failed", "replay"), ("failed", "drop"), ("dead-letters", "drop")),
)
TO = ("send", "github", "--secret-file", "FOLDER/secret", "--to")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("replay", "github", *PERIOD), "--since: is later than --until"),
        (("dead-letters", "list", *PERIOD), "--since: is later than --until"),
        (
            ("dead-letters", "redrive", "github"),
            "unexpected extra argument(s) (github). Write it after --source or --id.",
        ),
        (
            ("failed", "replay", "github"),
            "unexpected extra argument(s) (github). Write it after --source or --id.",
        ),
        (
            ("repair", "webhooks", "--source", "lineer"),
            "(lineer). --source takes no value: `inlet repair lineer --source`.",
        ),
        (
            ("destroy", "webhooks", "--source", "lineer", "--yes"),
            "(lineer). --source takes no value: `inlet destroy lineer --source`.",
        ),
        (
            ("repair", "webhooks", "lineer", "--source"),
            "unexpected extra argument(s) (lineer). It takes one NAME only.",
        ),
        (("deliveries", "github", "stripe"), "argument(s) (stripe). It takes one source."),
        (("replay", "github", "d-1"), "(d-1). It takes one source. Write an ID after --id."),
        (("status", "webhooks", "github"), "argument(s) (github). It takes one CONNECTION only."),
        (("audit", "github"), "argument(s) (github). It takes no argument, only options: see"),
        (("pause", "github", "stripe"), "(stripe). It takes one source; --connection NAME takes"),
        (("plan", "webhooks", "--json", "yes"), "(yes). --json takes no value."),
        (
            ("failed", "replay", "--dry-run", "github"),
            "(github). --dry-run takes no value. Write it after --source or --id.",
        ),
        (("repair", "--source=lineer"), "Option '--source' does not take a value."),
        (
            ("dead-letters", "list", "--class", "foo"),
            "--class: there is no foo; there is invalid message, too large, unknown flow, no route",
        ),
        (("dead-letters", "redrive", "--class", "exipred"), "no exipred; is it expired?"),
        (("dead-letters", "drop", "--class", "Expired"), "no Expired; is it expired?"),
        (("add", "linear", "--stage", "PROD"), f"--stage: {STAGE}; is it prod?"),
        (("secret", "github", "--stage", "eu_west"), f"--stage: {STAGE}, such as dev"),
        (("init", "--stage", "9a", "--region", "eu-west-1"), f"--stage: {STAGE}, such as dev"),
        (("dead-letters", "list", "github"), "argument(s) (github). Write it after --source."),
        (("dead-letters", "drop", "--until", "soon"), f"'--until': {FORM}"),
        (("deliveries", "--since", "soon"), f"'--since': {FORM}"),
        (("why", "x", "--since", "soon"), f"'--since': {FORM}"),
        (("ingested", "--since", "soon"), f"'--since': {FORM}"),
        (("replay", "github", "--rate", "-1"), "'--rate': must be at least 0.1"),
        (("replay", "github", "--rate", "x"), "'--rate': must be a valid number"),
        (("deliveries", "--limit", "0"), "'--limit': must be at least 1"),
        (("deliveries", "--state", "zz"), "'--state': 'zz' is not one of 'buffered', 'dead'"),
        (("cost", "--kb", "inf"), "'--kb': must be at most 10240"),
        (("cost", "--inlet-ms", "1e308"), "'--inlet-ms': must be at most 30000"),
        (("cost", "--per-month", "9" * 30), "'--per-month': must be at most 1000000000000"),
        (("cost", "--sources", "9" * 30), "'--sources': must be at most 1000000"),
        ((*TO, "hooks"), "--to: hooks must be a URL of a source, such as https://HOST/webhooks"),
        (
            ("send", "github", "--to", "https://a", "--secret-file", "FOLDER/bytes"),
            "--secret-file: FOLDER/bytes is not UTF-8 at byte 0",
        ),
        (
            ("send", "github", "--to", "https://a", "--secret-file", "FOLDER/empty"),
            "--secret-file: FOLDER/empty is empty; write the secret of the source into it",
        ),
        (
            ("send", "github", "--to", "https://a", "--secret-file", "FOLDER/missing"),
            "--secret-file: FOLDER/missing: No such file or directory; name a file with the secret",
        ),
        (
            ("send", "github", "--to", "https://a", "--secret-file", "FOLDER"),
            "--secret-file: FOLDER: Is a directory; name a file with the secret",
        ),
        (
            ("send", "github", "--to", "https://a"),
            "--to: requires --secret-file, a file with the secret of the source",
        ),
        (
            ("send", "github", "--secret-file", "FOLDER/secret"),
            "--secret-file: requires --to, the URL of a source; without both, the secret of the",
        ),
        (
            ("send", "linear", "issue.json"),
            "EVENT: issue.json is a file, and not a name: inlet send linear --body issue.json",
        ),
        (("send", "linear", "FOLDER/secret"), "inlet send linear --body FOLDER/secret"),
        (("send", "issue.json"), "PROVIDER: issue.json is a file, and not a name: inlet send PROV"),
        (
            ("send", "linear", "http://a.localhost:8480/webhooks/linear"),
            "is a URL: inlet send linear --to http://a.localhost:8480/webhooks/linear",
        ),
        (
            ("send", "linear", "Issue", "issue.json"),
            "argument(s) (issue.json). Write the file after --body.",
        ),
    ],
    ids=" ".join,
)
def test_option_and_way_out_are_named(
    tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    (tmp_path / "secret").write_text("s")
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "bytes").write_bytes(b"\xff")
    folder = str(tmp_path)
    given = [each.replace("FOLDER", folder) for each in arguments]
    result = CliRunner().invoke(app, given, env={"COLUMNS": "400", "AWS_REGION": "eu-central-1"})

    assert result.exit_code == 2
    assert sentence.replace("FOLDER", folder) in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("command", SINCE, ids=" ".join)
@pytest.mark.parametrize(
    ("time", "reason"),
    [("2999-01-01", FUTURE), ("0m", ZERO), ("0d0h", ZERO), ("-5m", FORM), ("1x", FORM)],
)
def test_since_is_before_now(command: tuple[str, ...], time: str, reason: str) -> None:
    result = CliRunner().invoke(app, [*command, "--since", time], env={"COLUMNS": "200"})

    assert result.exit_code == 2
    assert f"'--since': {reason}" in result.output


@pytest.mark.parametrize("command", IN_PERIOD, ids=" ".join)
@pytest.mark.parametrize(("time", "reason"), [("2999-01-01", FUTURE), ("0s", ZERO)])
def test_until_is_before_now(command: tuple[str, ...], time: str, reason: str) -> None:
    result = CliRunner().invoke(app, [*command, "--until", time], env={"COLUMNS": "200"})

    assert result.exit_code == 2
    assert f"'--until': {reason}" in result.output
