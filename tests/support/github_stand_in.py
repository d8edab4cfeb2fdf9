"""GitHub's API for webhooks, as its OpenAPI file and its pages describe it.

https://docs.github.com/en/rest/repos/webhooks
"""

import json
import re
from typing import Any

from openapi_schema_validator import OAS30Validator

from tests.support.vendor_account import Account, Call, StandInResponse, StoredHook, numbered_page
from tests.support.vendor_facts import facts

TOKEN = "github_pat_11NEVERSEEN"
READ_ONLY = "github_pat_11READONLY"
# Classic tokens with the scopes read:repo_hook, and repo:status only. GitHub answers 404 to what a
# scope does not allow: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
LISTS_ONLY = "ghp_11LISTSONLY"
NO_HOOKS = "ghp_11NOHOOKS"
EVENTS = {"*", "push", "pull_request", "issues", "release", "star", "fork"}
_PLACE = re.compile(r"/(repos/[^/]+/[^/]+|orgs/[^/]+)")
_PATH = re.compile(r"/(repos/[^/]+/[^/]+|orgs/[^/]+)/hooks(?:/(\d+))?")
_MISSING = StandInResponse(
    404, {"message": "Not Found", "documentation_url": "https://docs.github.com"}
)


def account() -> Account:
    """Two repositories and an organization."""
    return Account(
        {TOKEN: "write", READ_ONLY: "read", LISTS_ONLY: "list", NO_HOOKS: "none"},
        {"repos/acme/shop", "repos/acme/blog", "orgs/acme"},
    )


def answer(at: Account, call: Call) -> StandInResponse:
    """Serve a request."""
    assert call.headers["accept"] == "application/vnd.github+json"
    assert call.headers["x-github-api-version"] == "2022-11-28"
    may = at.tokens.get(call.headers.get("authorization", "").removeprefix("Bearer "))
    if may is None:
        return StandInResponse(401, {"message": "Bad credentials", "status": "401"})
    if call.method == "GET" and _PLACE.fullmatch(call.path):
        return StandInResponse(200, {}) if call.path[1:] in at.places else _MISSING
    found = _PATH.fullmatch(call.path)
    assert found, call.path
    place, hook_id = found[1], found[2]
    if place in at.renamed:
        return StandInResponse(301, {"message": "Moved Permanently"})
    is_hidden = may == "none" or (may == "list" and call.method != "GET")
    if place not in at.places or is_hidden:
        return _MISSING
    if may != "write" and call.method != "GET":
        return StandInResponse(403, {"message": "Resource not accessible by personal access token"})
    described = facts("github")["paths"][_described(place, hook_id)][call.method.lower()]
    assert set(call.query) <= set(described.get("query", ()))
    given = _answer(at, call, place, hook_id, described)
    assert given.status in {*described["responses"], 422}
    if "answer" in described and given.status < 300:
        OAS30Validator(described["answer"]).validate(given.document)
    return given


def _answer(
    at: Account, call: Call, place: str, hook_id: str | None, described: dict[str, Any]
) -> StandInResponse:
    if hook_id is None and call.method == "GET":
        return numbered_page(call, [hook.shown for hook in at.at(place)], "api.github.com")
    hook = at.hooks.get(hook_id or "")
    if hook_id is not None and (hook is None or hook.place != place):
        return _MISSING
    if call.method == "DELETE":
        del at.hooks[hook_id or ""]
        return StandInResponse(204)
    body = json.loads(call.content)
    OAS30Validator(described["body"]).validate(body)
    assert "secret" in body["config"]
    if unknown := set(body.get("events", ())) - EVENTS:
        return _invalid(f"{unknown.pop()} is not a valid event", field="events")
    if _overlaps(at, place, body, hook_id):
        return _invalid(
            f"Hook already exists on this {'repository' if 'repos' in place else 'organization'}"
        )
    if hook is None:
        number = at.next_number()
        hook = StoredHook(str(number), place, _new(place, number))
        at.hooks[hook.id] = hook
    hook.secret = body["config"]["secret"]
    hook.shown |= {"active": body.get("active", True), "events": body.get("events", ["push"])}
    hook.shown["config"] = {**body["config"], "secret": "********"}
    return StandInResponse(201 if call.method == "POST" else 200, hook.shown)


def _overlaps(at: Account, place: str, body: dict[str, Any], hook_id: str | None) -> bool:
    """GitHub refuses a second webhook with the same URL and an event in common."""
    return any(
        hook.id != hook_id
        and hook.shown["config"]["url"] == body["config"]["url"]
        and set(hook.shown["events"]) & set(body.get("events", ["push"]))
        for hook in at.at(place)
    )


def _described(place: str, hook_id: str | None) -> str:
    path = "/repos/{owner}/{repo}/hooks" if place.startswith("repos") else "/orgs/{org}/hooks"
    return path if hook_id is None else f"{path}/{{hook_id}}"


def _invalid(message: str, field: str = "") -> StandInResponse:
    error = {"resource": "Hook", "code": "custom", "message": message}
    return StandInResponse(
        422,
        {"message": "Validation Failed", "errors": [error | ({"field": field} if field else {})]},
    )


def _new(place: str, number: int) -> dict[str, Any]:
    url = f"https://api.github.com/{place}/hooks/{number}"
    return {
        "type": "Repository" if place.startswith("repos") else "Organization",
        "id": number,
        "name": "web",
        "active": True,
        "events": ["push"],
        "config": {},
        "updated_at": "2026-11-29T00:00:00Z",
        "created_at": "2026-11-29T00:00:00Z",
        "url": url,
        "test_url": f"{url}/test",
        "ping_url": f"{url}/pings",
        "deliveries_url": f"{url}/deliveries",
        "last_response": {"code": None, "status": "unused", "message": None},
    }
