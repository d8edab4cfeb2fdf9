"""What a technical account can see of Experience Platform.

https://experienceleague.adobe.com/en/docs/experience-platform/sandbox/api/available
https://developer.adobe.com/experience-platform-apis/references/catalog/
https://experienceleague.adobe.com/en/docs/experience-platform/xdm/api/schemas
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlencode

from bridge.adapters.adobe.credentials import AdobeCredentials
from bridge.adapters.adobe.ims import ImsTokens
from bridge.adapters.adobe.platform import AdobePlatform
from bridge.adapters.adobe.schema_registry import AdobeSchemaRegistry
from bridge.adapters.clock import utc_now
from bridge.adapters.http.connections import connections
from bridge.adapters.http.retry_budget import RetryBudget
from bridge.errors import AdobeError
from bridge.provisioning.schema_comparison import schema_behavior
from bridge.wiring import http_session

_SANDBOXES: Final = "data/foundation/sandbox-management/"
_DATASETS: Final = "data/foundation/catalog/dataSets"
_SCHEMAS: Final = "data/foundation/schemaregistry/tenant/schemas"
_SUMMARIES: Final = "application/vnd.adobe.xed-id+json"
# The default of the Sandbox API, whose maximum is not documented, and the maximum of Catalog.
_SANDBOXES_PER_PAGE: Final = 50
_PER_PAGE: Final = 100
_MOST_PAGES: Final = 20
# Somebody waits for the answer.
_ATTEMPTS: Final = 2


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A sandbox that the account may use."""

    name: str
    title: str
    type: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset with a schema.

    Attributes:
        schema_id: the `$id` of its schema.
        schema: title of that; empty if it is not known.
    """

    id: str
    name: str
    schema_id: str
    schema: str


@dataclass(frozen=True)
class ExperiencePlatform:
    """Reads with an account; methods raise AdobeError.

    Attributes:
        account: its sandbox may be empty before it is known.
        ims_url, platform_url: base URLs.
    """

    account: AdobeCredentials
    ims_url: str
    platform_url: str
    retry_budget: RetryBudget

    def in_sandbox(self, name: str) -> "ExperiencePlatform":
        """The same account in a sandbox."""
        other = ExperiencePlatform(
            self.account._replace(sandbox=name), self.ims_url, self.platform_url, self.retry_budget
        )
        other.__dict__["tokens"] = self.tokens  # A token is valid in every sandbox.
        return other

    @cached_property
    def tokens(self) -> ImsTokens:
        """Tokens of the account, which are not shared."""
        return ImsTokens(
            connections(),
            self.ims_url,
            lambda: self.account,
            utc_now,
            self.retry_budget,
            attempts=_ATTEMPTS,
        )

    @cached_property
    def requests(self) -> AdobePlatform:
        """Sends requests in the sandbox of the account."""
        return AdobePlatform(
            http_session(), self.platform_url, self.tokens, lambda: self.account, self.retry_budget
        )

    def sandboxes(self) -> list[Sandbox]:
        """The active sandboxes that the account may use."""
        found: list[Sandbox] = []
        for page in range(_MOST_PAGES):
            query = urlencode({"limit": _SANDBOXES_PER_PAGE, "offset": page * _SANDBOXES_PER_PAGE})
            items = self._read(f"{_SANDBOXES}?{query}", "list sandboxes").get("sandboxes")
            listed = [each for each in _list(items) if isinstance(each, dict)]
            found += [
                Sandbox(str(each["name"]), str(each.get("title", "")), str(each.get("type", "")))
                for each in listed
                if each.get("name") and each.get("state", "active") == "active"
            ]
            if len(listed) < _SANDBOXES_PER_PAGE:
                break
        return found

    def datasets(self) -> list[Dataset]:
        """The datasets of the sandbox that have a schema, by name."""
        titles = self._schema_titles()
        found = [
            Dataset(dataset_id, str(document.get("name", "")), schema_id, titles.get(schema_id, ""))
            for dataset_id, document in self._dataset_documents()
            if (schema_id := _schema_of(document))
        ]
        return sorted(found, key=lambda each: (each.name.casefold(), each.id))

    def behavior(self, schema_id: str) -> str:
        """`time-series` for events, `record` for profiles; empty if there is no such schema."""
        schema = AdobeSchemaRegistry(self.requests).get(schema_id)
        return schema_behavior(schema) if schema is not None else ""

    def _dataset_documents(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for page in range(_MOST_PAGES):
            query = urlencode(
                {"limit": _PER_PAGE, "start": page * _PER_PAGE, "properties": "name,schemaRef"},
                safe=",",
            )
            documents = self._read(f"{_DATASETS}?{query}", "list datasets")
            yield from ((name, each) for name, each in documents.items() if isinstance(each, dict))
            if len(documents) < _PER_PAGE:
                break

    def _schema_titles(self) -> dict[str, str]:
        """Titles of schemas by `$id`; without them the ids tell enough."""
        titles: dict[str, str] = {}
        start = ""
        try:
            for _ in range(_MOST_PAGES):
                query = urlencode({"limit": _PER_PAGE} | ({"start": start} if start else {}))
                document = self._read(f"{_SCHEMAS}?{query}", "list schemas", accept=_SUMMARIES)
                for each in _list(document.get("results")):
                    if isinstance(each, dict):
                        titles[str(each.get("$id", ""))] = str(each.get("title", ""))
                page = document.get("_page")
                start = str(page.get("next") or "") if isinstance(page, dict) else ""
                if not start:
                    break
        except AdobeError:
            return titles
        return titles

    def _read(self, path: str, doing: str, accept: str = "application/json") -> Mapping[str, Any]:
        return self.requests.read(path, doing, accept) or {}


def _schema_of(document: Mapping[str, Any]) -> str:
    reference = document.get("schemaRef")
    return str(reference.get("id") or "") if isinstance(reference, dict) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
