"""Tests of appending a resource: everything else stays, byte for byte."""

from pathlib import Path

import pytest

from inlet_bridge.template_editing.appending import appended
from inlet_bridge.template_editing.document import SOURCE, SourcesFile
from inlet_bridge.template_reading.errors import ResourceError
from tests.support.sources_files import SOURCES, added_to, parsed

NEW = "StripeSource:\n  Type: Custom::WebhookSource\n  Properties:\n    Name: stripe\n"
ANCHORS = SOURCES.replace(
    "      ServiceToken: {Fn", "      ServiceToken: &token\n        {Fn", 1
).replace(
    '      ServiceToken: {Fn::ImportValue: !Sub "inlet-bridge-${Stage}-ServiceToken"}\n'
    "      Name: github",
    "      ServiceToken: *token\n      Name: github",
)
WITHOUT_REST = SOURCES.partition("      # Delivery")[0]
FORMS = {
    "comments and intrinsic functions": SOURCES,
    "line breaks of Windows": SOURCES.replace("\n", "\r\n"),
    "a byte order mark": "\ufeff" + SOURCES,
    "anchors": ANCHORS,
    "an alias at the end": ANCHORS.replace(
        "      Routes: !If", "      Other: *token\n      # Routes: !If"
    ),
    "nothing after the source": WITHOUT_REST,
    "no line break at the end": WITHOUT_REST.rstrip("\n"),
    "deeper indentation": SOURCES.replace("\n  ", "\n    "),
    "a literal at the end": WITHOUT_REST + "      Text: |\n        a\n        # not a comment\n\n",
    "a literal that keeps its end": WITHOUT_REST + "      Text: |+\n        a\n\n\n# end\n",
    "a folded text": WITHOUT_REST + '      Text: "a\n        # b"\n# end\n',
    "no source": SOURCES.replace("Custom::WebhookSource", "Custom::Other"),
}


def file_of(text: str) -> SourcesFile:
    return SourcesFile(Path("sources.yaml"), text)


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_rest_of_the_file_stays(text: str) -> None:
    edited = appended(file_of(text), NEW)

    added = added_to(text, edited.text).strip()
    assert added.startswith("StripeSource:")
    assert added.endswith("Name: stripe")
    assert edited.of_type(SOURCE)[-1].logical_id == "StripeSource"
    old, new = parsed(text), parsed(edited.text)
    assert new["Resources"].pop("StripeSource")["Properties"] == {"Name": "stripe"}
    assert new == old


def test_line_breaks_are_those_of_the_file() -> None:
    edited = appended(file_of(SOURCES.replace("\n", "\r\n")), NEW)

    assert "\n" not in edited.text.replace("\r\n", "")


def test_comments_of_the_properties_stay_with_their_source() -> None:
    text = appended(file_of(SOURCES), NEW).text

    lines = text.splitlines()
    assert lines[lines.index("  StripeSource:") - 1] == "      # Delivery: queued"
    assert text.endswith("# The end.\n")


def test_blank_lines_separate_resources_where_they_did() -> None:
    spaced = SOURCES.replace("  WebhookSource:", "\n  WebhookSource:")

    assert "\n\n  StripeSource:" in appended(file_of(spaced), NEW).text
    assert "\n\n  StripeSource:" not in appended(file_of(SOURCES), NEW).text


@pytest.mark.parametrize("text", ["Resources:\n", "Resources:", "A: 1\nResources:\n# x\n"])
def test_first_resource(text: str) -> None:
    edited = appended(file_of(text), NEW)

    assert [each.logical_id for each in edited.resources] == ["StripeSource"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Resources: {}\n", "must be a block"),
        ('{"Resources": {"A": {"Type": "B"}}}', "must be a block"),
        ("Resources: text\n", "by their logical ids"),
    ],
)
def test_file_that_cannot_be_appended_to_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ResourceError, match=reason):
        appended(file_of(text), NEW)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"Resources:\n  A: [\n", r"sources.yaml:2: the bracket \[ that begins here"),
        (b"Resources: !Sub\t{\n", r"sources.yaml:1: it has a tab"),
        (b"\xff", "is not UTF-8 at byte 0"),
        (b"- a\n", "must have Resources"),
        (b"A: 1\n", "has no Resources"),
        (b"[" * 5_000, "nested too deeply|sources.yaml"),
        (b"#" * 1_048_577, "over 1 MB"),
        (b"a: 1\n---\nb: 2\n", "sources.yaml"),
        (b"", "must have Resources"),
    ],
)
def test_unreadable_file_is_named(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "sources.yaml"
    path.write_bytes(content)

    with pytest.raises(ResourceError, match=reason):
        SourcesFile.read(path)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match=r"there is no .*; name a file with --file"):
        SourcesFile.read(tmp_path / "sources.yaml")
    with pytest.raises(ResourceError, match="cannot be read: Is a directory"):
        SourcesFile.read(tmp_path)
