"""What `inlet map` says of mistakes in `sources.yaml`: the field, its line and the way out."""

from pathlib import Path

import pytest

from tests.support.map_runs import SHOPIFY, TEMPLATE, run

_WHEN = "When: \"event_type == 'orders/create'\""
_MAP = "Map: {a: MAPPED}"


@pytest.mark.parametrize(
    ("old", "new", "output"),
    [
        (_MAP, "Identity: {Email: body.a}, Primary: Emial", "Primary: must be Email, the only"),
        (_MAP, "Primary: Email", "Primary: needs an Identity with this namespace"),
        (_MAP, "Identity: {'': body.a}", "Identity: has an empty namespace; write its code"),
        (_WHEN, "When: ''", "When: is empty; leave When out for a route that takes every event"),
        (_WHEN, "When: body.a > 1", "When: is not a JMESPath expression: a number is written in"),
        (_WHEN, "When: body.a < 1.5e3", "a number is written in backticks, as `1.5e3`"),
        (_WHEN, "When: \"event_type in ['a']\"", "in is no operator; write contains(list, value)"),
        ("MAPPED", "\"body.a + ' '\"", "and join('', [a, b]) joins texts"),
        ("MAPPED", "body->a", "it has ->; a field is written after a dot"),
        ("MAPPED", "'{{ body.a }}'", "an expression is written without {{ }}"),
        (_WHEN, "When: ' '", "When: is empty; leave When out for a route that takes every event"),
    ],
)
def test_mistake_is_refused(tmp_path: Path, old: str, new: str, output: str) -> None:
    template = tmp_path / "sources.yaml"
    template.write_text(TEMPLATE.replace(old, new).replace("MAPPED", "body.id"))
    result = run("shop", SHOPIFY, "--file", template)
    shown = " ".join(result.output.split())

    assert result.exit_code == 1
    assert "sources.yaml:19: Routes.0." in shown
    assert output in shown


@pytest.mark.parametrize(
    ("line", "output"),
    [
        (
            "KeepBodies: yes",
            "YAML reads yes as true Write a whole number of days, such as 30; 0",
        ),
        (
            "KeepBodies: true",
            "KeepBodies: must be a whole number of days, such as 30; 0 keeps",
        ),
        ("SettlingSeconds: 5", "SettlingSeconds: there is no such property"),
        ("KeepBodies: 91", "KeepBodies: must be at most 90 days"),
        ("MaxBodyBytes: 1 MB", "MaxBodyBytes: must be a whole number of bytes, such as 100000"),
        ("DuplicateContentSeconds: 1h", "must be a whole number of seconds, such as 300"),
        (
            "Split: ''",
            "Split: is empty; write the list of events, such as body.events, or leave Sp",
        ),
        ("Split: ' '", "Split: is empty; "),
        ("Split: body.line_items\n      ItemId: ''", "ItemId: is empty; write the id within an"),
    ],
)
def test_invalid_property_is_refused_with_what_it_takes(
    tmp_path: Path, line: str, output: str
) -> None:
    template = tmp_path / "sources.yaml"
    text = TEMPLATE.replace("Otherwise: drop", f"Otherwise: drop\n      {line}")
    template.write_text(text.replace("MAPPED", "body.id"))
    result = run("shop", SHOPIFY, "--file", template)

    assert result.exit_code == 1
    assert f"sources.yaml:{21 + line.count(chr(10))}: " in result.output
    assert output in " ".join(result.output.split())


_SECRETS = '      Secrets: [!Sub "/inlet-bridge/${Stage}/secrets/shop"]\n'
_REQUIRED = (
    "! Secrets is required: the names of parameters that have the secrets, such as Secrets: [!Sub "
    '"/inlet-bridge/${Stage}/secrets/shop"]'
)


@pytest.mark.parametrize("given", ["", "      Secrets: []\n"])
def test_missing_secrets_are_stated(tmp_path: Path, given: str) -> None:
    """A preview needs none, and the deployment does."""
    template = tmp_path / "sources.yaml"
    template.write_text(TEMPLATE.replace(_SECRETS, given).replace("MAPPED", "body.id"))
    result = run("shop", SHOPIFY, "--file", template)

    assert result.exit_code == 0
    assert _REQUIRED in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Provider: shopify", "Provider: paypal\n      Constants: {webhook_id: W1}"),
        ("Provider: shopify", "Verification: none"),
    ],
)
def test_secrets_that_are_not_needed_are_not_required(tmp_path: Path, old: str, new: str) -> None:
    template = tmp_path / "sources.yaml"
    text = TEMPLATE.replace(_SECRETS, "").replace(old, new).replace("MAPPED", "body.id")
    template.write_text(text)

    result = run("shop", SHOPIFY, "--file", template)

    assert result.exit_code == 0, result.output
    assert "Secrets is" not in result.output


@pytest.mark.parametrize(
    ("old", "new", "output"),
    [
        ("!Sub", "", "sources.yaml:16: Secrets.0: has ${ }, which is a name only after !Sub"),
        (
            "Secrets: [!Sub",
            "PathTokens: [",
            "sources.yaml:16: PathTokens.0: has ${ }, which is a name only after !Sub",
        ),
    ],
)
def test_secret_that_is_not_named_is_refused(
    tmp_path: Path, old: str, new: str, output: str
) -> None:
    template = tmp_path / "sources.yaml"
    template.write_text(TEMPLATE.replace(old, new).replace("MAPPED", "body.id"))
    result = run("shop", SHOPIFY, "--file", template)

    assert result.exit_code == 1
    assert output in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("name", "output"),
    [
        ("[shop]", "sources.yaml:14: Name: must be a text, or a function that returns one"),
        ("''", "sources.yaml:14: Source: Name: is empty"),
        ("Shop", "sources.yaml:14: Source: Name: must be 1-63 lowercase letters"),
        ("my_shop", "must not begin with -; it is my_shop"),
        ("other", "sources.yaml has no source shop; there is other"),
        ('!Sub "shop${AWS::Region}"', "sources.yaml:14: Source: Name: its value is not known"),
        (
            "{Fn::ImportValue: shop}",
            "Write the name as a text, such as Name: shop, or",
        ),
        ("!Ref Nothing", "sources.yaml:14: there is no parameter and no resource Nothing"),
        ("!Ref linear", "no resource linear; write the name as a text without !Ref, Name: linear"),
        ("!Sub '${linear}'", "write the name as a text without !Sub, Name: linear"),
        (
            "!GetAtt Connection",
            "sources.yaml:14: !GetAtt needs an attribute, such as Connect",
        ),
    ],
)
def test_name_that_is_invalid_is_told_from_one_that_does_not_exist(
    tmp_path: Path, name: str, output: str
) -> None:
    template = tmp_path / "sources.yaml"
    template.write_text(TEMPLATE.replace("!Ref SourceName", name).replace("MAPPED", "body.id"))
    result = run("shop", SHOPIFY, "--file", template)

    assert result.exit_code == 1
    assert output in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("expression", "output"),
    [
        ('!Sub "${body.id}"', "no resource body; write an expression such as body.id without !Sub"),
        (
            "!GetAtt body.id",
            "no resource body; write an expression such as body.id without !GetAtt",
        ),
        ("!Ref event_type", "write an expression such as event_type without !Ref"),
    ],
)
def test_function_in_place_of_an_expression_is_refused(
    tmp_path: Path, expression: str, output: str
) -> None:
    template = tmp_path / "sources.yaml"
    template.write_text(TEMPLATE.replace("MAPPED", expression))
    result = run("shop", SHOPIFY, "--file", template)

    assert result.exit_code == 1
    shown = " ".join(result.output.split())
    assert "sources.yaml:19: there is no" in shown
    assert output in shown
