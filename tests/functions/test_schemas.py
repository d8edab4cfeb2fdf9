"""Tests of the JSON Schema of a source: its scalars, and that no reference in it is fetched."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import boto3
import pytest

from tests.support.checked_messages import configure, reasons, send
from tests.support.delivery_cloud import SOURCE_DOCUMENT, DeliveryCloud
from tests.support.webhook_events import signed


class Site:
    """A server that returns a JSON Schema for every request."""

    def __init__(self) -> None:
        asked: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_: object) -> None:
                """Log nothing."""

        self.asked = asked
        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/schema.json"


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    thread = Thread(target=site.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield site
    site.server.shutdown()
    site.server.server_close()
    thread.join()


def deploy(cloud: DeliveryCloud, schema: Any) -> dict[str, Any]:
    """Deploy the source `github` with a schema of its bodies."""
    given: dict[str, Any] = {
        "Name": "github",
        "Provider": "github",
        "Secrets": ["/inlet-bridge/dev/secrets/github"],
    }
    routes = [{"Flow": "orders", "Schema": schema, "Map": {"a": "body.issue.title"}}]
    return cloud.provisioned.send("source-create", **given, Routes=routes)


def store(schema: Any) -> None:
    """Write a schema into the document of the source, as a version without checks would."""
    ssm, name = boto3.client("ssm"), f"{SOURCE_DOCUMENT}github"
    document = json.loads(ssm.get_parameter(Name=name)["Parameter"]["Value"])
    document["routes"][0]["schema"] = json.dumps(schema)
    ssm.put_parameter(Name=name, Value=json.dumps(document), Overwrite=True)


def test_schema_with_an_external_reference_is_rejected_at_deployment(
    cloud: DeliveryCloud, site: Site
) -> None:
    for schema in (
        {"properties": {"action": {"$ref": site.url}}},
        {"$id": site.url, "properties": {"action": {"$ref": "other.json"}}},
        {"properties": {"action": {"$ref": "file:///etc/hostname"}}},
    ):
        for given in (schema, json.dumps(schema)):
            answer = deploy(cloud, given)

            assert answer["Status"] == "FAILED"
            assert answer["Reason"].startswith(
                "Routes.0.Schema: has a reference at properties.action.$ref that does not resolve"
            )
    assert site.asked == []


@pytest.mark.parametrize(
    "text", ["[" * 5_000, '{"minimum": NaN}', '{"$schema": [5]}', '{"$ref": "#"}']
)
def test_unusable_schema_is_rejected_at_deployment(cloud: DeliveryCloud, text: str) -> None:
    answer = deploy(cloud, text)

    assert answer["Status"] == "FAILED"
    assert answer["Reason"].startswith("Routes.0.Schema: ")


def test_external_reference_in_a_stored_schema_is_not_fetched(
    cloud: DeliveryCloud, site: Site
) -> None:
    assert deploy(cloud, {"type": "object"})["Status"] == "SUCCESS"
    store({"$ref": site.url})
    cloud.restart()

    assert cloud.receive(signed("github-signed")).status == 202
    assert cloud.forward_what_waits() == []

    [(_, reason)] = cloud.dead()
    assert reason == (
        "invalid message: the body does not fit its schema: the schema cannot be applied:"
        " Unresolvable"
    )
    assert site.asked == []
    assert cloud.adobe.ledger.received == ()


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#"},
        {"$ref": 5},
        {"$schema": []},
        {"type": "strin"},
        {"patternProperties": {"(": {}}},
        {"allOf": [{"allOf": [{"$ref": "#"}] * 2}] * 2},
    ],
)
def test_unusable_stored_schema_dead_letters_the_message(cloud: DeliveryCloud, schema: Any) -> None:
    assert deploy(cloud, {"type": "object"})["Status"] == "SUCCESS"
    store(schema)
    cloud.restart()

    assert cloud.receive(signed("github-signed")).status == 202
    assert cloud.forward_what_waits() == []
    assert len(cloud.dead()) == 1


def test_scalars_of_a_template_are_what_they_were(cloud: DeliveryCloud) -> None:
    """CloudFormation makes texts of numbers and booleans."""
    schema = {
        "required": ["n"],
        "properties": {
            "n": {"enum": ["1", "2"]},
            "paid": {"type": "boolean", "const": "true"},
            "size": {"type": "integer", "maximum": "10", "multipleOf": "5"},
            "code": {"type": "string", "enum": ["7"]},
        },
        "additionalProperties": "false",
    }
    configure(cloud, {"type": "object"}, Routes=[{"Flow": "orders", "Schema": schema}])

    for body in ({"n": 1}, {"n": "2"}, {"n": 2, "paid": True, "size": 10, "code": "7"}):
        assert send(cloud, body) == 200, body
    for body in (
        {"n": 3},
        {"n": 1, "paid": "true"},
        {"n": 1, "size": 15},
        {"n": 1, "size": 3},
        {"n": 1, "code": 7},
        {"n": 1, "more": 1},
    ):
        assert send(cloud, body) == 202, body
        assert len(reasons(cloud)) == 1
