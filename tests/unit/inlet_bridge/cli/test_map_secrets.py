"""`inlet map` refuses what a deployment refuses of a source's secrets, and quotes no value."""

from pathlib import Path

import pytest

from tests.support.map_runs import SHOPIFY, TEMPLATE, run

_SECRETS = 'Secrets: [!Sub "/inlet-bridge/${Stage}/secrets/shop"]'
_VALUE = "canary-7f3a"
_NAME = (
    "must be the name of a parameter below /inlet-bridge/dev/secrets/ or"
    " /aws/reference/secretsmanager/inlet-bridge/dev/, never the secret itself"
)
_GITHUB = "Provider: github\n      Subscription: {Credential: CREDENTIAL, Events: [push], TARGET}"


def _output(tmp_path: Path, secrets: str, *options: object, status: int = 1) -> str:
    template = tmp_path / "sources.yaml"
    text = TEMPLATE.replace(_SECRETS, secrets).replace("MAPPED", "body.id")
    template.write_text(text)
    result = run("shop", SHOPIFY, "--file", template, *options)
    assert result.exit_code == status, result.output
    assert _VALUE not in result.output
    return " ".join(result.output.split())


@pytest.mark.parametrize(
    ("secrets", "output"),
    [
        (f"Secrets: [{_VALUE}]", f"sources.yaml:16: Secrets.0: {_NAME}"),
        (f'Secrets: [!Sub "{_VALUE}-${{Stage}}"]', f"Secrets.0: {_NAME}"),
        (f"Secrets: ['/inlet-bridge/dev/secrets/a', {_VALUE}]", f"Secrets.1: {_NAME}"),
        (f"Secrets: {_VALUE}", "Secrets: must be a list, such as [a, b]"),
        (f"{_SECRETS}\n      HandshakeSecrets: [{_VALUE}]", f"HandshakeSecrets.0: {_NAME}"),
        (f"{_SECRETS}\n      PathTokens: [{_VALUE}]", f"PathTokens.0: {_NAME}"),
        (
            "Secrets: ['/inlet-bridge/prod/secrets/a', '/inlet-bridge/dev/secrets/b']",
            "Secrets.1: must be the name of a parameter below /inlet-bridge/prod/secrets/",
        ),
        (f"{_SECRETS}\n      Registration: pending", "Secrets: must be one below"),
        (f"{_SECRETS}\n      Registration: sometime", "Registration: must be 'pending'"),
    ],
)
def test_value_in_place_of_a_name_is_refused(tmp_path: Path, secrets: str, output: str) -> None:
    assert output in _output(tmp_path, secrets)


@pytest.mark.parametrize(
    ("subscription", "output"),
    [
        (
            _GITHUB.replace("CREDENTIAL", _VALUE).replace("TARGET", "Repository: a/b"),
            "Subscription.Credential: must be the name of a parameter below /inlet-bridge/dev/cr",
        ),
        (
            _GITHUB.replace("CREDENTIAL", "/inlet-bridge/dev/credentials/a").replace(
                "TARGET", "Repositry: a/b"
            ),
            "there is no such property; is it Repository?",
        ),
    ],
)
def test_subscription_is_checked(tmp_path: Path, subscription: str, output: str) -> None:
    template = tmp_path / "sources.yaml"
    text = TEMPLATE.replace(_SECRETS, "").replace("Provider: shopify", subscription)
    template.write_text(text.replace("MAPPED", "body.id"))
    result = run("shop", SHOPIFY, "--file", template)

    assert result.exit_code == 1
    assert output in " ".join(result.output.split())
    assert _VALUE not in result.output


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("Repository: a/b", "Repository: nowhere", 18),
        ("Repository: a/b", "Repo: a/b", 18),
        ("- pull_request", "- pull request", 21),
    ],
)
def test_error_in_a_subscription_has_its_own_line(
    tmp_path: Path, before: str, after: str, line: int
) -> None:
    subscription = """Provider: github
      Subscription:
        Credential: /inlet-bridge/dev/credentials/a
        Repository: a/b
        Events:
          - push
          - pull_request"""
    template = tmp_path / "sources.yaml"
    text = TEMPLATE.replace(_SECRETS, "").replace("MAPPED", "body.id")
    text = text.replace("Provider: shopify", subscription.replace(before, after))
    template.write_text(text)
    result = run("shop", SHOPIFY, "--file", template)

    assert result.exit_code == 1
    assert f"sources.yaml:{line}: Subscription." in result.output


@pytest.mark.parametrize(
    "secrets",
    [
        _SECRETS,
        "Secrets: ['/inlet-bridge/prod/secrets/shop']",
        "Secrets: [/aws/reference/secretsmanager/inlet-bridge/dev/shop]",
        "Secrets: [!Sub '/inlet-bridge/${AWS::AccountId}/secrets/shop']",
        "Secrets: [{Fn::ImportValue: shop-secret}]",
        f"{_SECRETS}\n      HandshakeSecrets: [{{Fn::ImportValue: a}}]",
    ],
)
def test_names_and_what_only_the_deployment_knows_are_accepted(
    tmp_path: Path, secrets: str
) -> None:
    assert "Secrets" not in _output(tmp_path, secrets, status=0)


@pytest.mark.parametrize(
    ("name", "is_pointed_out"),
    [("shpo", True), ("shopifi", True), ("shop", False), ("shop-2", False), ("orders", False)],
)
def test_name_that_looks_like_that_of_the_source_is_pointed_out(
    tmp_path: Path,
    name: str,
    is_pointed_out: bool,  # noqa: FBT001
) -> None:
    output = _output(tmp_path, _SECRETS.replace("/shop", f"/{name}"), status=0)

    path = "/inlet-bridge/dev/secrets/"
    meant = "shopify" if name == "shopifi" else "shop"
    note = (
        f"! Secrets.0 names {path}{name}; is it {path}{meant}? `inlet secret shop` stores the first"
    )
    assert (note in output) is is_pointed_out
