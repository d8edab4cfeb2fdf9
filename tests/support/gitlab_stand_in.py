"""GitLab's API for webhooks, as its page describes it.

https://docs.gitlab.com/api/project_webhooks/
"""

import json
import re
from urllib.parse import unquote

from tests.support.vendor_account import Account, Call, StandInResponse, StoredHook, numbered_page
from tests.support.vendor_facts import facts

TOKEN = "glpat-NEVERSEEN"
DEVELOPER = "glpat-DEVELOPER"
_PLACE = re.compile(r"/api/v4/((?:projects|groups)/[^/]+)")
_PATH = re.compile(r"/api/v4/((?:projects|groups)/[^/]+)/hooks(?:/(\d+))?")


def account() -> Account:
    """Two projects and a group."""
    return Account(
        {TOKEN: "write", DEVELOPER: "none"},
        {"projects/acme/shop", "projects/acme/blog", "groups/acme"},
    )


def answer(at: Account, call: Call) -> StandInResponse:
    """Serve a request."""
    may = at.tokens.get(call.headers.get("private-token", ""))
    if may is None:
        return StandInResponse(401, {"message": "401 Unauthorized"})
    if call.method == "GET" and (whole := _PLACE.fullmatch(call.path)):
        return StandInResponse(200 if unquote(whole[1]) in at.places else 404, {})
    found = _PATH.fullmatch(call.path)
    assert found, call.path
    place, hook_id = unquote(found[1]), found[2]
    if place not in at.places:
        return StandInResponse(404, {"message": f"404 {place.split('s/')[0].title()} Not Found"})
    if may != "write":
        return StandInResponse(403, {"message": "403 Forbidden"})
    return _answer(at, call, place, hook_id)


def _answer(at: Account, call: Call, place: str, hook_id: str | None) -> StandInResponse:
    if hook_id is None and call.method == "GET":
        return numbered_page(call, [hook.shown for hook in at.at(place)], "gitlab.com")
    hook = at.hooks.get(hook_id or "")
    if hook_id is not None and (hook is None or hook.place != place):
        return StandInResponse(404, {"message": "404 Not found"})
    if call.method == "DELETE":
        del at.hooks[hook_id or ""]
        return StandInResponse(204)
    return _written(at, call, place, hook)


def _written(at: Account, call: Call, place: str, hook: StoredHook | None) -> StandInResponse:
    assert call.method == ("POST" if hook is None else "PUT")
    body = json.loads(call.content)
    attributes = facts("gitlab")["attributes"]
    # Grape ignores attributes that it does not declare; the bridge must not send any.
    assert set(body) <= {name for names in attributes.values() for name in names}
    assert all(isinstance(body[name], bool) for name in attributes["boolean"] if name in body)
    assert all(isinstance(body[name], str) for name in attributes["string"] if name in body)
    if not body.get("url", "").startswith("https://"):
        return StandInResponse(422, {"error": "Invalid url given"})
    if hook is None:
        number = at.next_number()
        hook = StoredHook(str(number), place, {"id": number, "push_events": True, "url": ""})
        at.hooks[hook.id] = hook
    given = body.get("signing_token") or body.get("token", "")
    if given:
        hook.secret = given
    elif body["url"] != hook.shown["url"]:
        hook.secret = ""  # "When you change the webhook URL, the secret token is reset."
    hidden = {"token", "signing_token"}
    hook.shown |= {name: value for name, value in body.items() if name not in hidden}
    hook.shown |= {
        "token_present": "token" in body,
        "signing_token_present": "signing_token" in body,
        "alert_status": hook.shown.get("alert_status", "executable"),
        "disabled_until": None,
    }
    return StandInResponse(201 if call.method == "POST" else 200, hook.shown)
