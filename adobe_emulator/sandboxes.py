"""The sandboxes under `/data/foundation/sandbox-management`.

Source: "Sandboxes endpoint". The error for an unknown sandbox is a guess.
"""

from adobe_emulator.emulator import Adobe
from adobe_emulator.exchange import Call, Response, json_answer
from adobe_emulator.platform_errors import missing


def read_sandbox(adobe: Adobe, call: Call) -> Response:
    """`GET /sandboxes/{name}`."""
    tenant = adobe.tenant
    if call.parameters["name"] != tenant.sandbox:
        raise missing("no such sandbox")
    return json_answer(
        200,
        {
            "name": tenant.sandbox,
            "title": tenant.sandbox.title(),
            "state": "active",
            "type": tenant.sandbox_type,
            "region": "VA7",
            "isDefault": False,
        },
    )
