"""Tests of `inlet secret`, which replaces the secret of a source."""

import getpass
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from inlet_bridge.cli.main import app
from inlet_bridge.template_reading import default_file
from tests.support.adding import SECRET, stored, unchanged
from tests.support.receiver_fakes import source_of
from tests.support.sent_webhooks import declared
from tests.support.sources_files import SOURCES

PARAMETER = "/inlet-bridge/dev/secrets/github"


def run(*arguments: str, typed: str = "") -> tuple[int, str]:
    environment = {"COLUMNS": "200", "NO_COLOR": "1"}
    result = CliRunner().invoke(app, ["secret", *arguments], input=typed, env=environment)
    return result.exit_code, result.output


@pytest.mark.parametrize("name", ["github", "WebhookSource"])
def test_secret_is_stored_and_replaced(folder: Path, ssm: Any, name: str) -> None:
    status, output = run(name, typed=f"{SECRET}\n")

    assert status == 0, output
    assert stored(ssm, PARAMETER) == SECRET
    assert "former one" not in output
    status, output = run(name, "--secret-file", "-", typed="another secret")
    assert status == 0, output
    assert stored(ssm, PARAMETER) == "another secret"
    assert "the former one for up to 60 s more" in output
    assert "another secret" not in output
    assert "is as it was" in run(name, "--secret-file", "-", typed="another secret")[1]
    assert unchanged(folder)


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (("other",), "", "has no source other; there is github"),
        (("githb",), "", "has no source githb; is it github?"),
        (("github", "--secret-file", "-"), " ", "it is empty"),
        (("github", "--secret-file", "missing"), "", "missing: No such file"),
        (("github", "--stage", "prod", "--secret-file", "-"), "", "it is empty"),
    ],
)
def test_nothing_is_stored_if_something_is_wrong(
    folder: Path, ssm: Any, arguments: tuple[str, ...], typed: str, said: str
) -> None:
    before = ssm.describe_parameters()["Parameters"]

    status, output = run(*arguments, typed=typed)

    assert status != 0
    assert said in " ".join(output.split())
    assert ssm.describe_parameters()["Parameters"] == before
    assert unchanged(folder)


def test_secret_is_not_asked_for_where_it_would_be_shown(
    folder: Path, ssm: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python reads it with a warning of its own then."""
    untyped: Any = getpass
    monkeypatch.setattr(typer, "prompt", lambda *_, **__: untyped.fallback_getpass("Secret: "))

    status, output = run("github", typed=f"{SECRET}\n")

    said = " ".join(output.split())
    assert status == 2
    assert "--secret-file: is required where nobody can be asked: no terminal hides what" in said
    assert "Name a file, or - for standard input" in said
    assert "GetPassWarning" not in said
    assert not ssm.describe_parameters()["Parameters"]


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("/elsewhere/github", "sources.yaml:28: Secrets.0: must be the name of a parameter below"),
        (
            "/aws/reference/secretsmanager/inlet-bridge/dev/github",
            "source github has no Secrets below /inlet-bridge/dev/secrets/",
        ),
    ],
)
def test_source_without_a_secret_of_its_own_is_named(
    folder: Path, ssm: Any, reference: str, said: str
) -> None:
    text = SOURCES.replace('!Sub "/inlet-bridge/${Stage}/secrets/github"', reference)
    (folder / "sources.yaml").write_text(text)
    before = ssm.describe_parameters()["Parameters"]

    status, output = run("github", typed=f"{SECRET}\n")

    assert status == 1
    assert said in output
    assert ssm.describe_parameters()["Parameters"] == before


@pytest.mark.parametrize(
    ("name", "existing", "is_pointed_out"),
    [
        ("githbu", "github", True),
        ("githbu", "githbu", False),
        ("githbu", "other", False),
        ("github-2", "github", False),
    ],
)
def test_misspelled_parameter_is_pointed_out(
    folder: Path, ssm: Any, name: str, existing: str, *, is_pointed_out: bool
) -> None:
    text = SOURCES.replace("secrets/github", f"secrets/{name}")
    (folder / "sources.yaml").write_text(text)
    path = PARAMETER.removesuffix("github")
    ssm.put_parameter(Name=f"{path}{existing}", Value="former", Type="SecureString")

    status, output = run("github", typed=f"{SECRET}\n")

    assert status == 0, output
    said = f"names {path}{name}, which does not exist; is it {PARAMETER}, which does?"
    assert (said in " ".join(output.split())) is is_pointed_out
    assert "former one" not in output or existing == name
    assert stored(ssm, f"{path}{name}") == SECRET


def deploy(ssm: Any, name: str, **changes: Any) -> str:
    """Write the document of a deployed source; the parameter of its secret."""
    parameter = f"/inlet-bridge/dev/secrets/{name}"
    source = source_of(declared("github"))._replace(
        **{"name": name, "secrets": (parameter,), **changes}
    )
    document = source.to_document()
    ssm.put_parameter(Name=f"/inlet-bridge/dev/sources/{name}", Value=document, Type="String")
    return parameter


@pytest.mark.parametrize("has_file", [True, False])
def test_deployed_source_that_the_file_lacks_is_found(
    folder: Path, ssm: Any, monkeypatch: pytest.MonkeyPatch, *, has_file: bool
) -> None:
    """`inlet why` names the command for each source, also of another file or of `inlet send`."""
    parameter = deploy(ssm, "send-github")
    if not has_file:
        (folder / "sources.yaml").unlink()
        monkeypatch.setattr(default_file, "_CHECKOUT", folder)

    status, output = run("send-github", "--stage", "dev", typed=f"{SECRET}\n")

    assert status == 0, output
    assert "sources.yaml has no send-github; it is deployed." in output
    assert stored(ssm, parameter) == SECRET


def test_secret_of_a_deployed_source_is_checked_by_its_scheme(folder: Path, ssm: Any) -> None:
    deploy(ssm, "other", secrets=("/aws/reference/secretsmanager/a",))
    deploy(ssm, "empty", secrets=())

    for name in ("other", "empty"):
        status, output = run(name, typed=f"{SECRET}\n")
        assert status == 1
        assert f"source {name} has no Secrets below /inlet-bridge/dev/secrets/" in output
    assert unchanged(folder)


def test_named_file_is_the_only_one(folder: Path, ssm: Any) -> None:
    deploy(ssm, "send-github")

    status, output = run("send-github", "--file", "sources.yaml", typed=f"{SECRET}\n")

    assert status == 1
    assert "has no source send-github; " in " ".join(output.split())
    assert unchanged(folder)
