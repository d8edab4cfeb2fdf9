"""Hostile text of the local cloud, of URLs and of errors is printed safely."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from inlet_bridge.cli import send as send_module
from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.main import app
from inlet_bridge.cli.run_result import show_result
from inlet_bridge.local.errors import LocalCloudError
from inlet_bridge.operations.deployed import Deployed
from tests.support.hostile_runs import NAME, checked, run
from tests.support.hostile_text import HOSTILE, MARKUP, unsafe
from tests.support.verdicts import verdict


def test_run_of_the_local_cloud_is_printed_safely(capsys: pytest.CaptureFixture[str]) -> None:
    verdicts = [verdict(HOSTILE, delivery_id=HOSTILE, xaction_id=HOSTILE, faults=(HOSTILE,))]
    verdicts[0].outcome.answer["flow"] = HOSTILE
    parameters = SimpleNamespace(
        prefix=HOSTILE, below=lambda _: {f"connections/{HOSTILE}": HOSTILE}
    )
    bridge: Any = SimpleNamespace(
        parameters=parameters,
        logs=SimpleNamespace(troubles=lambda: [HOSTILE]),
        api=SimpleNamespace(url=lambda _: HOSTILE),
        stack=SimpleNamespace(cloud=SimpleNamespace(endpoint=HOSTILE)),
        adobe=SimpleNamespace(platform_url=HOSTILE, emulator=None, ledger_url=HOSTILE),
    )
    observations = SimpleNamespace(
        chain=SimpleNamespace(flow_id=HOSTILE), received=None, balance=None
    )
    result: Any = SimpleNamespace(
        verdicts=verdicts, faults=(HOSTILE,), held=False, observations=observations
    )

    for width in (80, 200):
        screen = Screen()
        screen._console.width = width  # noqa: SLF001 - as wide as a terminal may be
        show_result(bridge, result, Path(HOSTILE), screen, stays=True, inspector="http://i/token")
    output = checked(capsys.readouterr().out)
    assert "[/red]" in output
    listens, _, rest = output.partition("Where everything listens")
    assert "http://i/token" not in listens
    addresses, _, following = rest.partition("Try next")
    assert "the inspector      http://i/token" in addresses
    assert "127.0.0.1 in place of the host name 405" in " ".join(addresses.split())
    assert "http://i/token" in following
    assert "inlet console --allow-actions" in following


def test_steps_and_errors_are_printed_safely(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "log"
    log.write_text(HOSTILE)
    screen = Screen()
    with screen.step(HOSTILE) as advance:
        advance(HOSTILE)
    screen.failure(LocalCloudError(HOSTILE, hint=HOSTILE, log=log))
    assert list(screen.track([1], HOSTILE, 1)) == [1]

    assert checked(capsys.readouterr().out).count(MARKUP) == 5


def test_responses_of_a_url_are_printed_safely(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("x")
    headers = {"apigw-requestid": HOSTILE}
    answer = SimpleNamespace(
        url=f"https://host/{NAME}", status_code=415, reason=HOSTILE, text=HOSTILE, headers=headers
    )
    monkeypatch.setattr(send_module, "_post", lambda *_: answer)
    options = ["--secret-file", str(tmp_path / "secret"), "--to"]

    assert run("send", "github", NAME, *options, f"https://host/{NAME}").count(MARKUP) == 5
    assert "is not a URL" in run("send", "github", NAME, *options, f"https://{NAME}")


@pytest.mark.parametrize(
    "arguments",
    [
        (NAME,),
        (f"--{NAME}",),
        ("send", NAME),
        ("providers", NAME),
        ("recipes", NAME),
        ("recipes", "stripe", "--sample", NAME),
        ("recipes", "--sample", NAME),
        ("map", "x", NAME),
        ("cost", "--per-month", NAME),
        ("up", "--template", NAME),
        ("why", f"--{NAME}"),
        ("dead-letters", NAME),
        ("add", NAME),
        ("add", "stripe", "--offline", "--file", NAME),
        ("add", "stripe", "--offline", "--name", NAME),
        ("add", "stripe", "--offline", "--flow", NAME),
        ("add", "stripe", "--offline", "--constant", f"{NAME}=a"),
        ("secret", NAME),
        ("init", "--stage", NAME, "--region", "eu-west-1"),
        ("init", "--stage", "dev", "--region", NAME),
        ("init", "--samconfig", NAME),
        ("init", "--ims", NAME),
        ("dead-letters", "list", "--since", NAME),
    ],
    ids=lambda arguments: "-".join(arguments[:-1]) or "inlet",
)
def test_errors_of_the_command_line_are_printed_safely(arguments: tuple[str, ...]) -> None:
    run(*arguments)


def test_unexpected_exceptions_are_printed_safely(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError(HOSTILE)

    monkeypatch.setattr(Deployed, "_client", fail)
    result = CliRunner().invoke(app, ["audit"])

    assert result.exit_code == 1
    assert "RuntimeError" in result.output
    assert unsafe(result.output) == set()
