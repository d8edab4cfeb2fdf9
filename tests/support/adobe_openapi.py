"""Adobe's OpenAPI files, which are no part of the project but may lie beside it."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from openapi_schema_validator import OAS30Validator
from referencing import Registry
from referencing.jsonschema import DRAFT4

FOLDER = Path(__file__).parents[3] / "shared" / "adobe" / "openapi"
FLOW_SERVICE, INLET, DATA_PREP = "flow-service", "streaming-ingestion", "data-prep"
CATALOG = "catalog"
ONE = {
    "connections": "/connections/{BASE_CONNECTION_ID}",
    "sourceConnections": "/sourceConnections/{SOURCE_CONNECTION_ID}",
    "targetConnections": "/targetConnections/{TARGET_CONNECTION_ID}",
    "flows": "/flows/{FLOW_ID}",
}

RENAME = [{"op": "replace", "path": "/name", "value": "renamed"}]

where_they_are = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="Adobe's OpenAPI files are not here"
)


@cache
def specification(name: str) -> Any:
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text())


@cache
def registry() -> Registry[Any]:
    names = (FLOW_SERVICE, INLET, DATA_PREP, CATALOG)
    return Registry().with_resources(
        (name, DRAFT4.create_resource(specification(name))) for name in names
    )


def validate(name: str, media: dict[str, Any], document: Any) -> None:
    """Check a document against the schema of a request or an answer, formats aside."""
    schema = _with_whole_references(name, media["content"]["application/json"].get("schema", {}))
    OAS30Validator(schema, registry=registry()).validate(document)


def _with_whole_references(name: str, schema: Any) -> Any:
    if isinstance(schema, dict):
        return {
            key: f"{name}{value}" if key == "$ref" else _with_whole_references(name, value)
            for key, value in schema.items()
        }
    return schema


def check_request(name: str, path: str, document: Any, method: str = "post") -> None:
    validate(name, specification(name)["paths"][path][method]["requestBody"], document)


def statuses(name: str, path: str, method: str) -> dict[int, Any]:
    """The declared answers by status; some of the files have texts for keys."""
    responses = specification(name)["paths"][path][method]["responses"]
    return {int(s): response for s, response in responses.items() if s != "default"}


def check_answer(name: str, path: str, method: str, answer: requests.Response) -> None:
    declared = statuses(name, path, method)
    assert answer.status_code in declared
    if answer.content:
        validate(name, declared[answer.status_code], answer.json())
