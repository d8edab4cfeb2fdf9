"""The map editor: what it shows, what it saves, and what it rejects."""

import html
import json
from pathlib import Path

import pytest

from inlet_bridge.inspector.map_editor.edited_file import version_of
from inlet_bridge.template_editing.document import SourcesFile
from tests.support.edited_maps import NEW, PAGE, TEXT, posted
from tests.support.inspecting import ORIGIN, opened
from tests.support.map_pages import SchemaAccount, ShownResult
from tests.support.moto_deployment import STACK


@pytest.mark.usefixtures("account")
def test_the_sources_of_the_file_are_listed(file: Path) -> None:
    page = opened(file.parent, sources_file=file).get(f"/stacks/{STACK}/maps").text

    assert f'<a href="{PAGE}">shop</a>' in page
    assert "Deployed, but not in this file: github, stripe." in page


@pytest.mark.usefixtures("account")
def test_sources_of_the_local_cloud_are_explained(file: Path, account: SchemaAccount) -> None:
    account.parameters = [*account.parameters, "/inlet-bridge/dev/sources/preflight"]
    client = opened(file.parent, sources_file=file, is_local=True)

    page = client.get(f"/stacks/{STACK}/maps").text
    assert "for its demonstration" in page
    assert "has them: github, stripe." in page
    assert "--file" not in page
    assert "The local cloud deploys the file now" in client.get(f"{PAGE}?saved").text
    assert "Deploy the file" in opened(file.parent, sources_file=file).get(f"{PAGE}?saved").text


@pytest.mark.usefixtures("account")
def test_the_routes_are_shown_as_the_file_has_them(file: Path) -> None:
    page = opened(file.parent, sources_file=file).get(PAGE).text

    assert f">\n{TEXT}</textarea>" in page
    assert "orders/create" in page  # The sample of the recipe.
    assert ShownResult.of(page).messages
    assert ">16</span>" in page  # The line in the file.


@pytest.mark.usefixtures("account")
def test_an_evaluation_changes_nothing_and_needs_no_permission(file: Path) -> None:
    before = file.read_bytes()

    response = posted(file, allowed=False)
    assert response.status_code == 200
    assert "+            eventType: source" in response.text
    assert "Start the inspector with <code>--allow-actions</code> to save" in response.text
    assert file.read_bytes() == before
    assert not (file.parent / "actions.jsonl").exists()


@pytest.mark.usefixtures("account")
def test_an_evaluation_from_another_origin_is_rejected(file: Path) -> None:
    client = opened(file.parent, sources_file=file)

    response = client.post(PAGE, data={"text": NEW}, headers={"origin": "https://evil.example"})
    assert response.status_code == 403
    assert ORIGIN.startswith("http://127")


@pytest.mark.usefixtures("account")
def test_a_sample_without_a_body_is_refused_as_the_bridge_does(file: Path) -> None:
    found = ShownResult.of(posted(file, sample="").text)

    assert found.problems == ["✗ refused: 401 Unauthorized: the body is empty"]


@pytest.mark.usefixtures("account")
def test_saving_changes_the_routes_only(file: Path) -> None:
    before = file.read_bytes()

    response = posted(file, do="save", text=NEW.replace("\n", "\r\n") + "\r\n")
    assert (response.status_code, response.headers["location"]) == (303, f"{PAGE}?saved")
    assert file.read_bytes() == before.replace(b"eventType: event_type", b"eventType: source")
    [line] = (file.parent / "actions.jsonl").read_text().splitlines()
    recorded = json.loads(line)
    assert (recorded["action"], recorded["source"]) == ("save map", "shop")
    assert recorded["file"] == str(file)
    client = opened(file.parent, sources_file=file)
    assert "Saved. Deploy the file" in client.get(f"{PAGE}?saved").text


@pytest.mark.usefixtures("account")
def test_without_actions_nothing_is_saved(file: Path) -> None:
    before = file.read_bytes()

    response = posted(file, allowed=False, do="save")
    assert response.status_code == 403
    assert "--allow-actions" in response.text
    assert file.read_bytes() == before


@pytest.mark.usefixtures("account")
def test_a_file_that_has_changed_is_not_overwritten(file: Path) -> None:
    version = version_of(SourcesFile.read(file))
    changed = file.read_text().replace("# Mine.", "# Yours.")
    file.write_text(changed)

    response = posted(file, do="save", version=version)
    assert response.status_code == 409
    assert "has changed since this page read it; nothing was saved" in response.text
    assert html.escape(NEW.splitlines()[-1]) in response.text
    assert file.read_text() == changed
    assert sorted(each.name for each in file.parent.iterdir()) == ["actions.jsonl", "sources.yaml"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (TEXT, "the text is that of the file"),
        (TEXT.replace("event_type", "nothing(body)"), "see below"),
        (TEXT + "\n  Other:\n    Type: AWS::SQS::Queue", "see below"),
        (TEXT.replace("event_type", "\u202e"), "see below"),
        (TEXT + "\n" + "#" * 70_000, "see below"),
        ("", "see below"),
    ],
    ids=["no change", "invalid", "another resource", "invisible", "too large", "empty"],
)
@pytest.mark.usefixtures("account")
def test_what_cannot_be_deployed_is_not_saved(text: str, reason: str, file: Path) -> None:
    before = file.read_bytes()

    response = posted(file, do="save", text=text)
    assert response.status_code == 422
    assert f"Nothing was saved: {reason}." in response.text
    assert file.read_bytes() == before


@pytest.mark.usefixtures("account")
def test_a_file_that_cannot_be_written_is_reported(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def replace_file(_: Path, __: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", replace_file)
    before = file.read_bytes()

    response = posted(file, do="save")
    assert response.status_code == 502
    assert "cannot be written: Permission denied" in response.text
    assert html.escape(NEW.splitlines()[-1]) in response.text
    assert file.read_bytes() == before


@pytest.mark.usefixtures("account")
def test_what_cannot_be_recorded_is_not_saved_and_not_lost(file: Path) -> None:
    (file.parent / "actions.jsonl").mkdir()
    before = file.read_bytes()

    response = posted(file, do="save")

    assert response.status_code == 502
    assert "it cannot be recorded" in response.text
    assert html.escape(NEW.splitlines()[-1]) in response.text
    assert file.read_bytes() == before


@pytest.mark.usefixtures("account")
def test_the_text_is_kept_if_a_sample_cannot_be_loaded(file: Path) -> None:
    response = posted(file, do="load", choice="x", sample='{"typed": 1}')

    assert "there is no such sample" in response.text
    assert html.escape(NEW.splitlines()[-1]) in response.text
    assert "&#34;typed&#34;" in response.text


def test_schemas_are_read_once_a_minute(file: Path, account: SchemaAccount) -> None:
    client = opened(file.parent, sources_file=file)
    pages = [client.post(PAGE, data={"text": NEW, "sample": "{}"}).text for _ in range(3)]

    assert account.requests == [{"action": "schemas", "connection": "orders"}]
    assert all("the schema of events cannot be read" in page for page in pages)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("n: body.n", "type at n: expected integer, got string; in a Map, number() converts it"),
        ("level: body.n", "enum at level: it takes gold"),
    ],
)
def test_a_fault_of_the_schema_has_the_line_of_its_field(
    text: str, fault: str, file: Path, account: SchemaAccount
) -> None:
    fields = {"n": {"type": "integer"}, "level": {"enum": ["gold"]}, "eventType": {}}
    schema = {"type": "object", "properties": {**fields, "_id": {}, "timestamp": {}}}
    account.schemas = {"events": schema}
    page = posted(file, text=f"{TEXT}\n            {text}", sample='{"n": "4111"}').text
    found = ShownResult.of(page)

    assert found.problems == [f"✗ events: the message does not fit its schema: {fault}"]
    [line] = found.lines
    first = file.read_text().splitlines().index("      Routes: # mine") + 1
    assert line == first + len(TEXT.splitlines())
