"""The endpoint of Data Hygiene under `/data/core/hygiene`: expirations of datasets.

Source: "Dataset expiration endpoint"; only the parameters that a client of the bridge needs.
https://experienceleague.adobe.com/en/docs/experience-platform/data-lifecycle/api/dataset-expiration
"""

from adobe_emulator.emulator import Adobe
from adobe_emulator.exchange import Call, Response, json_answer
from adobe_emulator.platform_errors import bad_request

_MAX_LIMIT = 100


def list_expirations(adobe: Adobe, call: Call) -> Response:
    """`GET /ttl?status=…&limit=…&page=…`: of the sandbox; pages begin with 0."""
    page, limit = _number(call, "page", 0), _number(call, "limit", 25)
    if not 1 <= limit <= _MAX_LIMIT:
        raise bad_request(f"limit must be from 1 to {_MAX_LIMIT}")
    wanted = (call.first("status") or "").split(",")
    tenant = {"sandboxName": adobe.tenant.sandbox, "imsOrg": adobe.tenant.org_id}
    found = [{**each, **tenant} for each in adobe.datasets.expirations if each["status"] in wanted]
    document = {
        "results": found[page * limit : (page + 1) * limit],
        "current_page": page,
        "total_pages": -(-len(found) // limit),
        "total_count": len(found),
    }
    return json_answer(200, document)


def _number(call: Call, name: str, default: int) -> int:
    text = call.first(name) or str(default)
    if not text.isdecimal():
        raise bad_request(f"{name} must be a number")
    return int(text)
