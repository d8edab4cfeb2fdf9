"""Stripe's API for webhook endpoints, as its library and its pages describe it.

https://docs.stripe.com/api/webhook_endpoints
"""

import re
from typing import Any
from urllib.parse import parse_qsl

from stripe.params._webhook_endpoint_create_params import WebhookEndpointCreateParams
from stripe.params._webhook_endpoint_list_params import WebhookEndpointListParams
from stripe.params._webhook_endpoint_update_params import WebhookEndpointUpdateParams

from tests.support.vendor_account import Account, Call, StandInResponse, StoredHook
from tests.support.vendor_facts import stripe_events, stripe_parameters

KEY = "rk_test_NEVERSEEN"
READ_ONLY = "rk_test_READONLY"
OTHER_ACCOUNT = "rk_test_OTHER"
# https://docs.stripe.com/webhooks#register-webhook
MAX_ENDPOINTS = 16
_PATH = re.compile(r"/v1/webhook_endpoints(?:/(we_\w+))?")
_MEMBER = re.compile(r"(\w+)(?:\[(\d+)\])?")


def account() -> Account:
    """Two accounts, of which each key sees one."""
    return Account({KEY: "write", READ_ONLY: "read", OTHER_ACCOUNT: "write"}, {"acct_1", "acct_2"})


def answer(at: Account, call: Call) -> StandInResponse:
    """Serve a request."""
    key = call.headers.get("authorization", "").removeprefix("Bearer ")
    may = at.tokens.get(key)
    if may is None:
        return _error(401, f"Invalid API Key provided: {key}")
    found = _PATH.fullmatch(call.path)
    assert found, call.path
    if may != "write" and call.method != "GET":
        return _error(403, f"The provided key '{key}' does not have the required permissions")
    place, hook_id = ("acct_2" if key == OTHER_ACCOUNT else "acct_1"), found[1]
    if call.method == "GET":
        return _listed(at, call, place)
    hook = at.hooks.get(hook_id or "")
    if hook_id is not None and (hook is None or hook.place != place):
        return _error(404, f"No such webhook endpoint: '{hook_id}'", code="resource_missing")
    if call.method == "DELETE":
        del at.hooks[hook_id or ""]
        return StandInResponse(200, {"id": hook_id, "object": "webhook_endpoint", "deleted": True})
    assert call.method == "POST"
    return _written(at, call, place, hook)


def _listed(at: Account, call: Call, place: str) -> StandInResponse:
    assert set(call.query) <= stripe_parameters(WebhookEndpointListParams)
    limit = int(call.query.get("limit", "10"))
    assert 1 <= limit <= 100
    newest_first = [hook.shown for hook in reversed(at.at(place))]
    if after := call.query.get("starting_after"):
        newest_first = newest_first[[each["id"] for each in newest_first].index(after) + 1 :]
    page = newest_first[:limit]
    more = len(newest_first) > limit
    return StandInResponse(
        200, {"object": "list", "data": page, "has_more": more, "url": call.path}
    )


def _written(at: Account, call: Call, place: str, hook: StoredHook | None) -> StandInResponse:
    assert call.headers["content-type"] == "application/x-www-form-urlencoded"
    given = _form(call.content)
    params = WebhookEndpointCreateParams if hook is None else WebhookEndpointUpdateParams
    for name in given:
        if name not in stripe_parameters(params):
            return _error(400, f"Received unknown parameter: {name}", param=name)
    for index, event in enumerate(given.get("enabled_events", [])):
        if event not in stripe_events():
            param = f"enabled_events[{index}]"
            return _error(400, f"Invalid {param}: must be one of ...", param=param)
    if hook is not None:
        hook.shown |= {name: value for name, value in given.items() if name != "disabled"}
        if "disabled" in given:
            hook.shown["status"] = "disabled" if given["disabled"] == "true" else "enabled"
        return StandInResponse(200, hook.shown)
    if len(at.at(place)) >= MAX_ENDPOINTS:
        return _error(400, "You have reached the maximum of 16 test webhook endpoints.")
    number = at.next_number()
    hook = StoredHook(f"we_{number}", place, _new(number) | given, f"whsec_NEVERSEEN{number:020}")
    at.hooks[hook.id] = hook
    return StandInResponse(200, hook.shown | {"secret": hook.secret})


def _form(content: bytes) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, value in parse_qsl(content.decode(), strict_parsing=True):
        found = _MEMBER.fullmatch(name)
        assert found, name
        if found[2] is None:
            given[name] = value
        else:
            given.setdefault(found[1], []).append(value)
    return given


def _error(status: int, message: str, **more: str) -> StandInResponse:
    return StandInResponse(
        status, {"error": {"message": message, "type": "invalid_request_error", **more}}
    )


def _new(number: int) -> dict[str, Any]:
    return {
        "id": f"we_{number}",
        "object": "webhook_endpoint",
        "api_version": None,
        "application": None,
        "created": 1_796_000_000 + number,
        "description": None,
        "livemode": False,
        "metadata": {},
        "status": "enabled",
    }
