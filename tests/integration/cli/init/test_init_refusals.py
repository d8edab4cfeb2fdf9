"""What `inlet init` refuses, and that it then writes nothing."""

import socket
from pathlib import Path
from typing import Any

import pytest
import typer

from adobe_emulator.emulator import Adobe
from inlet_bridge.operations.account import secret_store
from tests.support.init_runs import FLAGS, without
from tests.support.initializing import download, run, untouched


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"CLIENT_SECRETS": ["TOPSECRET"]}, "IMS refused the credentials: 401 invalid_client"),
        ({"ORG_ID": "other@AdobeOrg"}, "Adobe refused to list sandboxes: 403"),
        ({"CLIENT_ID": None}, "no field CLIENT_ID"),
        ({"ORG_ID": "x"}, "ORG_ID does not end in @AdobeOrg"),
    ],
)
def test_wrong_credentials_write_nothing(
    folder: Path, ssm: Any, adobe: Adobe, changes: dict[str, Any], reason: str
) -> None:
    (folder / "adobe.json").write_text(download(adobe, **changes))

    status, output = run(adobe, *FLAGS)

    assert status in (1, 2)
    assert reason in " ".join(output.split())
    assert untouched(folder, ssm)


@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        (["--sandbox", "gone"], "there is no sandbox gone; there is dev, prod"),
        (["--dataset", "0" * 24], f"there is no dataset {'0' * 24}"),
        (["--stage", "Dev"], "a stage is 1-16 lower-case letters"),
        (["--region", "Frankfurt"], "Frankfurt is no AWS region"),
        (["--credentials", "missing.json"], "missing.json cannot be read"),
        (["--credentials", "samconfig.toml"], "are not JSON"),
        (["--ims", "http://example.com"], "must be an https address"),
        (["--platform", "https://user@example.com"], "must be an https address"),
    ],
)
def test_wrong_answer_is_one_sentence(
    folder: Path, ssm: Any, adobe: Adobe, flags: list[str], reason: str
) -> None:
    status, output = run(adobe, "--no-input", *FLAGS, *flags)

    assert status == 2
    assert reason in " ".join(output.replace("│", " ").split())
    assert untouched(folder, ssm)


def test_adobe_that_does_not_answer_is_one_sentence(
    folder: Path, ssm: Any, adobe: Adobe, refusing_port: int
) -> None:
    status, output = run(adobe, *FLAGS, "--ims", f"http://127.0.0.1:{refusing_port}")

    assert status == 1
    assert "Failed: IMS does not answer: ConnectionRefusedError" in output
    assert untouched(folder, ssm)


def test_unknown_host_is_named(
    folder: Path, ssm: Any, adobe: Adobe, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    status, output = run(adobe, *FLAGS, "--ims", "https://ims.example.com")

    assert status == 1
    said = " ".join(output.split())
    assert "IMS does not answer: the name ims.example.com cannot be resolved" in said
    assert untouched(folder, ssm)


def test_interrupted_question_writes_nothing(
    folder: Path, ssm: Any, adobe: Adobe, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(typer, "prompt", interrupt)

    assert run(adobe, *without("--keep-bodies"))[0] != 0
    assert untouched(folder, ssm)


def test_interrupted_write_leaves_the_file(
    folder: Path, ssm: Any, adobe: Adobe, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(secret_store.SecretStore, "put", interrupt)

    assert run(adobe, *FLAGS)[0] != 0
    assert untouched(folder, ssm)


@pytest.mark.parametrize("text", ["[dev", "dev = 1\n", "[dev]\ndeploy = 2\n"])
def test_unusable_samconfig_is_named(folder: Path, ssm: Any, adobe: Adobe, text: str) -> None:
    (folder / "samconfig.toml").write_text(text)

    status, output = run(adobe, *FLAGS)

    assert status == 1
    assert "samconfig.toml" in output
    assert (folder / "samconfig.toml").read_text() == text
    assert not ssm.describe_parameters()["Parameters"]
