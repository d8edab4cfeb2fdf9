"""The map editor: what it shows, what it saves, and what it rejects."""

import html
import json
from collections.abc import Iterator
from copy import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from inlet_bridge.inspector.map_editor.edited_file import version_of
from inlet_bridge.template_editing.document import SourcesFile
from tests.support.counted_calls import counted_calls
from tests.support.hostile_text import HOSTILE, unsafe
from tests.support.inspecting import ORIGIN, opened
from tests.support.map_pages import SchemaAccount, ShownResult, file_with, use_account
from tests.support.moto_deployment import STACK, Bridge, deployed_bridge, received

PAGE = f"/stacks/{STACK}/maps/shop"
ROUTES = """\
# Above.
Routes: # mine
  - Flow: events
    Map:
      eventType: event_type
# Below.
Otherwise: drop
"""
TEXT = """\
      Routes: # mine
        - Flow: events
          Map:
            eventType: event_type"""
NEW = TEXT.replace("event_type", "source")
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def bridge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    with deployed_bridge(monkeypatch) as bridge:
        yield bridge


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> SchemaAccount:
    account = SchemaAccount({"events": None})
    account.parameters = ["/inlet-bridge/dev/sources/github", "/inlet-bridge/dev/sources/stripe"]
    use_account(monkeypatch, account)
    return account


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sources.yaml"
    path.write_text(file_with(ROUTES, "shopify"))
    return path


def posted(file: Path, *, allowed: bool = True, **form: str) -> Any:
    client = opened(file.parent, actions_allowed=allowed, sources_file=file)
    version = version_of(SourcesFile.read(file))
    return client.post(PAGE, data={"version": version, "sample": "{}", "text": NEW} | form)


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
    assert ">15</span>" in page  # The line in the file.


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
    "text",
    [
        TEXT,
        TEXT.replace("event_type", "nothing(body)"),
        TEXT + "\n  Other:\n    Type: AWS::SQS::Queue",
        TEXT.replace("event_type", "\u202e"),
        TEXT + "\n" + "#" * 70_000,
        "",
    ],
    ids=["no change", "invalid", "another resource", "invisible", "too large", "empty"],
)
@pytest.mark.usefixtures("account")
def test_what_cannot_be_deployed_is_not_saved(text: str, file: Path) -> None:
    before = file.read_bytes()

    response = posted(file, do="save", text=text)
    assert response.status_code == 422
    assert "Nothing was saved" in response.text
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
    assert file.read_bytes() == before


def test_the_newest_kept_webhook_is_the_sample(bridge: Bridge, file: Path) -> None:
    now = datetime.now(UTC)
    for number, body in enumerate((b'{"note": "old"}', b'{"note": "new"}')):
        delivery = replace(
            received(f"d-{number}", source="shop"),
            received_at=now - timedelta(minutes=5 - number),
            body=body,
            event_type="orders/create",
            kind="received",
            content_type="application/json; charset=utf-8",
            headers={"x-shopify-topic": "orders/create"},
            kept=f"id:d-{number}",
        )
        bridge.kept_bodies.keep(delivery, 7)
    client = opened(file.parent, sources_file=file)

    page = client.get(PAGE).text
    assert page.index("d-1") < page.index("d-0")
    sample = html.unescape(page.partition('name="sample"')[2].partition(">\n")[2])
    sample = sample.partition("</textarea>")[0]
    assert json.loads(sample) == {
        "headers": {"x-shopify-topic": "orders/create", "content-type": "application/json"},
        "body": {"note": "new"},
    }
    assert 'name="event_type" value="orders/create"' in page
    [message] = ShownResult.of(page).messages
    assert message["eventType"] == "orders/create"
    assert "d-1</span>" in page
    assert datetime.fromisoformat(message["timestamp"]) == now - timedelta(minutes=4)

    newest = f"kept:{(now - timedelta(minutes=4)).isoformat()}#id:d-1"
    for text, is_kept in ((sample, True), (sample.replace("new", "x"), False)):
        response = posted(file, choice=newest, event_type="orders/create", text=TEXT, sample=text)
        [shown] = ShownResult.of(response.text).messages
        assert (shown["_id"] == message["_id"]) is is_kept

    choice = f"kept:{(now - timedelta(minutes=5)).isoformat()}#id:d-0"
    assert "&#34;old&#34;" in posted(file, do="load", choice=choice).text


@pytest.mark.parametrize(
    ("body", "words"),
    [(b"a=b&c=d", "a=b&amp;c=d"), (b"\xff\xfe\xff", "is not a text"), (b"[1]", "1")],
)
def test_a_kept_body_of_any_form_can_be_chosen(
    body: bytes, words: str, bridge: Bridge, file: Path
) -> None:
    delivery = replace(
        received("d", source="shop"),
        received_at=datetime.now(UTC),
        body=body,
        kind="received",
        kept="id:d",
    )
    bridge.kept_bodies.keep(delivery, 7)

    choice = f"kept:{delivery.received_at.isoformat()}#id:d"
    assert words in posted(file, do="load", choice=choice).text


@pytest.mark.parametrize(
    "choice", ["kept:2026-01-01T00:00:00+00:00#id:x", "kept:x", "recipe:../x", "x", ""]
)
@pytest.mark.usefixtures("bridge")
def test_a_sample_that_does_not_exist_is_reported(choice: str, file: Path) -> None:
    response = posted(file, do="load", choice=choice)

    assert response.status_code == 502
    assert "Choose another one" in response.text


def test_kept_webhooks_are_listed_with_a_bounded_number_of_reads(
    bridge: Bridge, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = []
    page = ""
    for some in (1, 12):
        for number in range(some):
            at = datetime.now(UTC) - timedelta(seconds=number)
            delivery = replace(received(f"d-{number}"), source="shop", received_at=at)
            bridge.kept_bodies.keep(replace(delivery, kept=f"id:{some}-{number}"), 7)
        with counted_calls(monkeypatch) as calls:
            page = opened(file.parent, sources_file=file).get(PAGE).text
        numbers.append(calls["Query"])

    assert page.count('<option value="kept:') == 10
    assert max(numbers) <= 48


def test_schemas_are_read_once_a_minute(file: Path, account: SchemaAccount) -> None:
    client = opened(file.parent, sources_file=file)
    pages = [client.post(PAGE, data={"text": NEW, "sample": "{}"}).text for _ in range(3)]

    assert account.requests == [{"action": "schemas", "connection": "orders"}]
    assert all("the schema of events cannot be read" in page for page in pages)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("n: body.n", "type at n: expected integer, got string"),
        ("level: body.n", "enum at level"),
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


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nothing", "has no source nothing"),
        ("..%2fx", "There is no such page"),
        ("SHOP", "There is no such page"),
    ],
)
@pytest.mark.usefixtures("account")
def test_another_source_is_not_found(name: str, words: str, file: Path) -> None:
    response = opened(file.parent, sources_file=file).get(f"/stacks/{STACK}/maps/{name}")

    assert response.status_code == 404
    assert words in response.text


@pytest.mark.parametrize("content", [b"\xff", b"[", b"Resources: {}", b"a" * 1_100_000])
@pytest.mark.usefixtures("account")
def test_an_unusable_file_is_reported(content: bytes, file: Path) -> None:
    file.write_bytes(content)
    client = opened(file.parent, sources_file=file)

    assert client.get(PAGE).status_code == 404
    assert client.get(f"/stacks/{STACK}/maps").status_code == 200


@pytest.mark.usefixtures("account")
def test_routes_with_invisible_characters_are_not_edited(file: Path) -> None:
    file.write_text(file.read_text().replace("# mine", "# m\u202eine"))

    page = opened(file.parent, sources_file=file).get(PAGE).text
    assert '<textarea id="map-text"' not in page
    assert "invisible or control characters" in page
    assert not unsafe(page)


@pytest.mark.usefixtures("account")
def test_hostile_text_is_visible_and_harmless(file: Path) -> None:
    hostile = f"{SCRIPT}\"'></textarea>{HOSTILE}"
    file.write_text(file.read_text().replace("# mine", f"# {SCRIPT}</textarea>"))
    sample = json.dumps({"id": hostile, hostile: 1})

    forms: tuple[dict[str, Any], ...] = (
        {"sample": sample},
        {"sample": hostile},
        {"text": TEXT + hostile},
        {"event_type": hostile},
        {"text": TEXT.replace("event_type", f'"{SCRIPT}"')},
    )
    for form in forms:
        page = posted(file, **form).text
        assert SCRIPT not in page
        assert not unsafe(page)


@pytest.mark.usefixtures("account")
def test_a_form_that_is_too_large_is_rejected(file: Path) -> None:
    assert posted(file, sample="a" * 4_000_000).status_code == 413
    response = posted(file, sample="a" * 1_100_000)
    assert response.status_code == 200
    assert "the sample is over 1,000,000 bytes" in response.text
