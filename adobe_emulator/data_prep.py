"""The endpoints of Data Prep under `/data/foundation/conversion`."""

from adobe_emulator.emulator import Adobe
from adobe_emulator.exchange import Call, Response, json_answer
from adobe_emulator.platform_errors import bad_request, missing


def create_mapping_set(adobe: Adobe, call: Call) -> Response:
    """`POST /mappingSets`: 200; other platform services respond with 201."""
    return json_answer(200, adobe.mapping_sets.create(call.json() if call.body else None))


def validate_mapping_set(adobe: Adobe, call: Call) -> Response:
    """`POST /mappingSets/validate`: 200 with one result for each mapping; nothing is stored."""
    verdicts = adobe.mapping_sets.validate(call.json() if call.body else None)
    return json_answer(200, {"validationResponse": verdicts})


def read_mapping_set(adobe: Adobe, call: Call) -> Response:
    """`GET /mappingSets/{id}`."""
    document = adobe.mapping_sets.get(call.parameters["id"])
    if document is None:
        raise missing("no such mapping set")
    return json_answer(200, document)


def list_mapping_sets(adobe: Adobe, call: Call) -> Response:
    """`GET /mappingSets?start=0&limit=10`; both parameters are mandatory."""
    start, limit = (_number(call.first(name)) for name in ("start", "limit"))
    data = adobe.mapping_sets.page(start, limit, call.first("name"))
    return json_answer(200, {"data": data, "_page": {"count": len(data), "limit": limit}})


def _number(text: str | None) -> int:
    if text is None or not text.isdecimal():
        raise bad_request("start and limit must be numbers")
    return int(text)
