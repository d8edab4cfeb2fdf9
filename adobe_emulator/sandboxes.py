"""The sandboxes under `/data/foundation/sandbox-management`.

Source: "Sandboxes endpoint". The error for an unknown sandbox is a guess.
"""

from typing import Any

from adobe_emulator.emulator import Adobe
from adobe_emulator.exchange import Call, Response, json_answer
from adobe_emulator.platform_errors import bad_request, missing
from adobe_emulator.query_parameters import allow_parameters, number


def read_sandbox(adobe: Adobe, call: Call) -> Response:
    """`GET /sandboxes/{name}`."""
    tenant = adobe.tenant
    if call.parameters["name"] != tenant.sandbox:
        raise missing("no such sandbox")
    return json_answer(200, _sandbox(adobe, tenant.sandbox, "active"))


def list_available(adobe: Adobe, call: Call) -> Response:
    """`GET /`: the sandboxes that the caller may use.

    Source: "Available sandboxes endpoint", and the appendix of that guide on `limit` and `offset`,
    which have to be sent together and are 50 and 0 otherwise. A maximum of 100 is a guess.
    """
    allow_parameters(call, "limit", "offset")
    if (call.first("limit") is None) != (call.first("offset") is None):
        raise bad_request("limit and offset have to be specified together")
    limit = number(call, "limit", 50, least=1, most=100)
    offset = number(call, "offset", 0)
    names = {adobe.tenant.sandbox: "active", **adobe.tenant.other_sandboxes}
    found = [_sandbox(adobe, name, state) for name, state in names.items()]
    page = found[offset : offset + limit]
    return json_answer(
        200, {"sandboxes": page, "_page": {"limit": limit, "count": len(page)}, "_links": {}}
    )


def _sandbox(adobe: Adobe, name: str, state: str) -> dict[str, Any]:
    return {
        "name": name,
        "title": name.title(),
        "state": state,
        "type": adobe.tenant.sandbox_type,
        "region": "VA7",
        "isDefault": False,
    }
