"""Tests of payloads in files."""

from pathlib import Path

import pytest

from inlet_bridge.local.errors import LocalCloudError
from inlet_bridge.local.samples import read_samples
from inlet_bridge.local.signatures import PROVIDERS
from inlet_bridge.local.workspace import SAMPLES


def put(folder: Path, name: str, content: bytes) -> None:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)


def test_sample_is_its_file_byte_for_byte(tmp_path: Path) -> None:
    put(tmp_path, "github/issues.opened.json", b'{\r\n "title": "caf\xc3\xa9" }\n')
    sample = read_samples(tmp_path)["github/issues.opened"]

    assert sample.body == b'{\r\n "title": "caf\xc3\xa9" }\n'
    assert (sample.provider, sample.event) == ("github", "issues.opened")


def test_shopify_topic_gets_its_slash_back(tmp_path: Path) -> None:
    put(tmp_path, "shopify/orders.create.json", b"{}")

    assert read_samples(tmp_path)["shopify/orders.create"].event == "orders/create"


def test_files_of_unknown_providers_are_ignored(tmp_path: Path) -> None:
    put(tmp_path, "github/push.json", b"{}")
    put(tmp_path, "paddle/x.json", b"not JSON")

    assert list(read_samples(tmp_path)) == ["github/push"]


@pytest.mark.parametrize("content", [b"[1]", b"{", b"\xff\xfe", b'"text"'])
def test_payload_that_the_inlet_would_reject_is_named(tmp_path: Path, content: bytes) -> None:
    put(tmp_path, "slack/message.json", content)

    with pytest.raises(LocalCloudError, match=r"slack/message\.json is not"):
        read_samples(tmp_path)


def test_folder_without_payloads_is_rejected_with_the_expected_layout(tmp_path: Path) -> None:
    with pytest.raises(LocalCloudError, match="no payloads") as caught:
        read_samples(tmp_path)

    assert "github, stripe, shopify, slack" in caught.value.hint


def test_repository_has_samples_of_every_provider() -> None:
    assert {sample.provider for sample in read_samples(SAMPLES).values()} == set(PROVIDERS)
