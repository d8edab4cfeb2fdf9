"""The Schema Registry under `/data/foundation/schemaregistry`: read the tenant's schemas.

Source: the Schema Registry OpenAPI file and its page on the `Accept` header.
"""

import re

from adobe_emulator.emulator import Adobe
from adobe_emulator.exchange import Call, Response, json_answer
from adobe_emulator.platform_errors import missing, not_acceptable

_ACCEPT = re.compile(r"application/vnd\.adobe\.xed-full(-notext|-desc)?\+json; ?version=1(\.0)?")


def read_schema(adobe: Adobe, call: Call) -> Response:
    """`GET /tenant/schemas/{$id, percent-encoded}`: the schema with its references resolved."""
    if not _ACCEPT.fullmatch(call.headers.get("accept", "")):
        raise not_acceptable("the Accept header names no form of a schema with its version")
    schema = adobe.schemas.get(call.parameters["id"])
    if schema is None:
        raise missing("no such schema")
    return json_answer(200, {**schema, "version": "1.0"})
