"""What `inlet map` says of identities that a sample has no value for."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.map_runs import SHOPIFY, TEMPLATE, run

_NONE = "it reaches the dataset, but no profile, unless another of its fields is an identity"
_OTHERS = "has no value in this sample: the message has its other identities alone"


def _result(tmp_path: Path, identity: str, *options: str) -> Any:
    template = tmp_path / "sources.yaml"
    template.write_text(TEMPLATE.replace("{a: MAPPED}", "{a: body.id}, " + identity))
    result = run("shop", SHOPIFY, "--file", template, *options)
    assert result.exit_code == 0, result.output
    return result


@pytest.mark.parametrize(
    ("identity", "note"),
    [
        (
            "Identity: {Email: lower(body.buyer)}",
            f"no identity, since Identity.Email (lower(body.buyer)) gives none: {_NONE}",
        ),
        (
            "Identity: {Email: body.buyer, Phone: body.telephone}, Primary: Phone",
            "since Identity.Phone (body.telephone) and Identity.Email (body.buyer) give none: ",
        ),
        (
            "Identity: {Email: body.email, Phone: body.telephone}, Primary: Phone",
            f"! Routes.0.Identity.Phone (body.telephone) {_OTHERS}",
        ),
        # Left out, which a warning says.
        ("Identity: {ECID: body.email}", "since Identity.ECID (body.email) gives none"),
    ],
)
def test_identity_without_a_value_is_stated(tmp_path: Path, identity: str, note: str) -> None:
    assert note in " ".join(_result(tmp_path, identity).output.split())


@pytest.mark.parametrize("identity", ["Identity: {Email: body.email}", "Invalid: send"])
def test_message_with_all_its_identities_gets_no_note(tmp_path: Path, identity: str) -> None:
    result = _result(tmp_path, identity, "--json")

    [shown] = json.loads(result.output)[str(SHOPIFY)]["shown"]
    assert shown["notes"] == []


def test_hash_of_an_address_with_capitals_is_none_of_the_namespace(tmp_path: Path) -> None:
    identity = "Identity: {Email_LC_SHA256: \"sha256('Ada@a.example')\"}"
    found = " ".join(_result(tmp_path, identity).output.split())

    way = "sha256(lower('Ada@a.example'))"
    hashed = "Routes.0.Identity.Email_LC_SHA256 is the hash of an address with capitals"
    assert f"! {hashed}; Adobe's namespace has those of lower case: {way}" in found
    for other in (
        identity.replace("sha256('Ada@a.example')", way),
        identity.replace("Ada", "ada"),
        identity.replace("Email_LC_SHA256", "CRMID"),
        identity.replace("')\"", "') || 'a'\""),
    ):
        assert "with capitals" not in _result(tmp_path, other).output


@pytest.mark.parametrize(
    ("value", "note"),
    [
        ("'ada@a.example'", "Email of source shop is the same for every event"),
        ("'body.email'", "Email of source shop has the text 'body.email' in place of the field"),
    ],
)
def test_identity_without_a_field_is_noted(tmp_path: Path, value: str, note: str) -> None:
    found = _result(tmp_path, f'Identity: {{Email: "{value}"}}').output

    assert f"! Routes.0.Identity.{note}" in " ".join(found.split())


@pytest.mark.parametrize(
    ("expression", "kind"), [("body.id", "a number"), ("body.currency", "a text without @")]
)
def test_identity_that_is_no_address_is_noted(tmp_path: Path, expression: str, kind: str) -> None:
    found = " ".join(_result(tmp_path, f"Identity: {{Email: {expression}}}").output.split())

    way = "the namespace is of email addresses, such as ada@example.com"
    assert f"! Routes.0.Identity.Email ({expression}) gives {kind}; {way}" in found
    for other in (f"CRMID: {expression}", "Email: body.email", "Email: \"'body.email'\""):
        assert "email addresses" not in _result(tmp_path, f"Identity: {{{other}}}").output
