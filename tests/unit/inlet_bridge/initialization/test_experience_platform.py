"""Tests of the lists that an account can see, page by page."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from bridge.adapters.adobe.credentials import AdobeCredentials
from bridge.adapters.adobe.platform import AdobePlatform
from bridge.adapters.http.retry_budget import RetryBudget
from inlet_bridge.initialization.experience_platform import Dataset, ExperiencePlatform

ACCOUNT = AdobeCredentials("id", "secret", "0A@AdobeOrg", "openid", "dev")
SCHEMA = "https://ns.adobe.com/a/schemas/{}"


class Requests(AdobePlatform):
    """Answers requests with documents by path and query."""

    def __init__(self, answer: Callable[[str, dict[str, str]], tuple[int, Any]]) -> None:
        self.answer = answer

    def request(self, method: str, path: str, doing: str, *_: Any, **__: Any) -> requests.Response:
        assert method == "GET"
        assert doing
        parts = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        response = requests.Response()
        response.status_code, document = self.answer(parts.path.rpartition("/")[2], query)
        response._content = json.dumps(document).encode()  # noqa: SLF001
        response.elapsed = timedelta(0)
        return response


def platform(
    answer: Callable[[str, dict[str, str]], tuple[int, Any]],
) -> ExperiencePlatform:
    adobe = ExperiencePlatform(ACCOUNT, "https://ims", "https://platform", RetryBudget())
    vars(adobe)["requests"] = Requests(answer)
    return adobe


def test_all_pages_of_datasets_have_the_titles_of_their_schemas() -> None:
    def answer(path: str, query: dict[str, str]) -> tuple[int, Any]:
        if path == "schemas":
            number = int(query.get("start", "0"))
            following = str(number + 1) if number < 2 else None
            result = {"$id": SCHEMA.format(number), "title": f"Schema {number}"}
            return 200, {"results": [result], "_page": {"next": following}}
        start = int(query["start"])
        count = 100 if start == 0 else 3
        return 200, {
            f"{start + each:024x}": {
                "name": f"Dataset {start + each:03d}",
                "schemaRef": {"id": SCHEMA.format(each % 4)},
            }
            for each in range(count)
        }

    found = platform(answer).datasets()

    assert len(found) == 103
    assert found[2] == Dataset(f"{2:024x}", "Dataset 002", SCHEMA.format(2), "Schema 2")
    assert found[3].schema == ""


def test_datasets_without_a_schema_are_left_out() -> None:
    def answer(path: str, _: dict[str, str]) -> tuple[int, Any]:
        if path == "schemas":
            return 404, {}
        return 200, {"a": {"name": "A"}, "b": {"schemaRef": {"id": "x"}}, "c": "no", "d": {}}

    assert platform(answer).datasets() == [Dataset("b", "", "x", "")]


def test_empty_list_of_catalog_is_no_dataset() -> None:
    assert platform(lambda *_: (200, [])).datasets() == []


def test_sandboxes_are_read_page_by_page() -> None:
    def answer(_: str, query: dict[str, str]) -> tuple[int, Any]:
        offset = int(query["offset"])
        names = [f"s{number}" for number in range(offset, min(offset + 50, 60))]
        items = [{"name": name, "state": "active", "type": "development"} for name in names]
        return 200, {"sandboxes": [*items, "no"] if offset else items}

    assert len(platform(answer).sandboxes()) == 60
