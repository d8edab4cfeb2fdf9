"""The page of one refused request."""

from datetime import UTC, datetime, timedelta
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inlet_bridge.inspector.web.path_text import TEXT
from inlet_bridge.inspector.web.rendering import page
from inlet_bridge.inspector.web.request_stack import deployed_of
from inlet_bridge.inspector.webhook.advice import advice_on
from inlet_bridge.operations.logs.bounded import CallBudget
from inlet_bridge.operations.logs.refusals import Refusals

_DAYS: Final = {"1": 1, "7": 7, "30": 30}
_MOST_CALLS: Final = 30


def refusal(request: Request) -> Response:
    """Why a request was refused, and what to do; searched back a day, a week or 30 days."""
    days = _DAYS.get(request.query_params.get("days", ""), 1)
    request_id = request.path_params["request_id"]
    budget = CallBudget(_MOST_CALLS)
    since = datetime.now(UTC) - timedelta(days=days)
    found = Refusals(deployed_of(request)).of(request_id, since=since, budget=budget)
    if not found:
        raise HTTPException(404, _nothing(request_id, days, budget))
    each = found[0]
    return page(request, "refusal.html", refusal=each, advice=advice_on(each.status, each.reason))


def _nothing(request_id: str, days: int, budget: CallBudget) -> str:
    searched = f"No refused request {request_id} is logged in the last {days} days."
    if budget.ran_out:
        searched += " The logs are too large to be read completely: use `inlet why`."
    elif days < max(_DAYS.values()):
        searched += " Add ?days=7 or ?days=30 to the address to search further back."
    return searched


ROUTES = [Route(f"/stacks/{{stack}}/refusals/{{request_id:{TEXT}}}", refusal)]
