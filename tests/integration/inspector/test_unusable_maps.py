"""Sources, files and forms that the map editor cannot use."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.edited_maps import PAGE, TEXT, posted
from tests.support.hostile_text import HOSTILE, unsafe
from tests.support.inspecting import opened
from tests.support.moto_deployment import STACK

SCRIPT = "<script>alert(1)</script>"


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
