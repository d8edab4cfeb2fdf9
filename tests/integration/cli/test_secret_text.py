"""Tests of the text that `inlet secret` is given: only the secret is stored."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from inlet_bridge.cli.main import app
from tests.support.adding import stored
from tests.support.sources_files import SOURCES

PARAMETER = "/inlet-bridge/dev/secrets/github"


def run(*arguments: str, typed: str = "") -> tuple[int, str]:
    environment = {"COLUMNS": "200", "NO_COLOR": "1"}
    result = CliRunner().invoke(app, ["secret", *arguments], input=typed, env=environment)
    return result.exit_code, result.output


def with_provider(folder: Path, provider: str) -> None:
    text = SOURCES.replace("Provider: github", f"Provider: {provider}")
    (folder / "sources.yaml").write_text(text)


@pytest.mark.parametrize(
    ("provider", "text", "said"),
    [
        ("linear", "LINEAR_WEBHOOK_SECRET=lin_wh_CANARY", "it has the form NAME=VALUE, and only"),
        ("linear", 'export A_B="lin_wh_CANARY"', "it has the form NAME=VALUE, and only"),
        ("linear", "'lin_wh_CANARY'", "it has quotation marks around it"),
        ("linear", " lin_wh_CANARY", "it has a space before or after the secret"),
        ("linear", "lin_wh_CANARY\nlin_wh_CANARY2", "it has several lines; the secret is one"),
        ("gitlab_token", "CANARY\nCANARY2", "it has several lines"),
        ("linear", "lin_wh_{{CANARY}}", "it has a part in double braces, which SSM rejects"),
        ("stripe", "sk_test_CANARY", "it is a key of the sender's API, not the secret"),
        ("stripe", "STRIPE_KEY=rk_live_CANARY", "it is a key of the sender's API"),
        ("linear", "lin_api_CANARY", "it is a key of the sender's API"),
        ("svix", "SVIX_SECRET=whsec_Q0FOQVJZQ0FOQVJZ", "NAME=VALUE, and only VALUE is the secret;"),
        (
            "adyen_header",
            "HMAC_KEY=C0FFEE",
            "NAME=VALUE, and only VALUE is the secret; it must be hexa",
        ),
    ],
)
def test_text_with_more_than_the_secret_is_refused_without_quoting_it(
    folder: Path, ssm: Any, provider: str, text: str, said: str
) -> None:
    with_provider(folder, provider)

    status, output = run("github", "--secret-file", "-", typed=text)

    assert status == 2
    assert said in " ".join(output.split()), output
    assert not any(part in output for part in ("CANARY", "Q0FO", "C0FFEE", "A_B", "HMAC_KEY"))
    assert not ssm.describe_parameters()["Parameters"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("WEBHOOK_SECRET=CANARY", "only VALUE is the secret: store that."),
        ("SECRET=CANARY", "only VALUE is the secret: store that."),
        ('"CANARY"', "has quotation marks around it, which are stored as a part of it"),
        ("CANARY ", "begins or ends with a space, which is stored as a part of it"),
    ],
)
def test_text_that_may_have_more_than_the_secret_is_stored_with_a_warning(
    folder: Path, ssm: Any, text: str, said: str
) -> None:
    status, output = run("github", "--secret-file", "-", typed=text)

    assert status == 0, output
    assert said in " ".join(output.split())
    assert "CANARY" not in output
    assert stored(ssm, PARAMETER) == text


@pytest.mark.parametrize(
    ("provider", "text"),
    [
        ("linear", "lin_wh_CANARY"),
        ("linear", "AB_CD=="),
        ("linear", "Zm9v="),
        ("linear", "a=b"),
        ("linear", "\ufeffCANARY\r\n\n"),
        ("linear", '{\n  "secret": "CANARY"\n}'),
        ("linear", "-----BEGIN PUBLIC KEY-----\nCANARY\n-----END PUBLIC KEY-----"),
        ("svix", "Q0FOQVJZ\nQ0FOQVJZ"),
        ("svix", '"whsec_Q0FOQVJZQ0FOQVJZ"'),
        ("basic_auth", "USER:A_B=C"),
    ],
)
def test_secret_in_a_legitimate_form_is_stored_without_a_warning(
    folder: Path, ssm: Any, provider: str, text: str
) -> None:
    with_provider(folder, provider)

    status, output = run("github", "--secret-file", "-", typed=text)

    assert status == 0, output
    assert "! " not in output
    assert "CANARY" in stored(ssm, PARAMETER) or provider != "linear" or "=" in text


@pytest.mark.parametrize("text", ["lin_wh_CANARY", "0123456789abcdefCANARY"])
def test_secret_in_place_of_a_file_is_not_repeated(folder: Path, ssm: Any, text: str) -> None:
    status, output = run("github", "--secret-file", text)

    assert status == 2
    assert "No such file or directory; it takes the name of a file, not the secret" in output
    assert "CANARY" not in output
