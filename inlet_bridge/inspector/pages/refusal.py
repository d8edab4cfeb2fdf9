"""The page of one refused request."""

from datetime import UTC, datetime, timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inlet_bridge.inspector.overview.runbooks import anchor_of
from inlet_bridge.inspector.web.path_text import TEXT
from inlet_bridge.inspector.web.rendering import page
from inlet_bridge.inspector.web.request_stack import deployed_of
from inlet_bridge.operations.delivery.refusal_advice import refusal_advice
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
    deployed = deployed_of(request)
    found = Refusals(deployed, deployed.time.now).of(request_id, since=since, budget=budget)
    if not found:
        further = [each for each in _DAYS.values() if each > days and not budget.ran_out]
        text = _nothing(request_id, days, budget)
        return page(request, "refusal_missing.html", status=404, text=text, further=further)
    each = found[0]
    advice = refusal_advice(deployed, each)
    anchor = anchor_of(advice.section) if advice else ""
    return page(request, "refusal.html", refusal=each, advice=advice, anchor=anchor)


def _nothing(request_id: str, days: int, budget: CallBudget) -> str:
    span = "day" if days == 1 else f"{days} days"
    searched = f"No refused request {request_id} is logged in the last {span}."
    if budget.ran_out:
        searched += " The logs are too large to be read completely: use `inlet why`."
    return searched


ROUTES = [Route(f"/stacks/{{stack}}/refusals/{{request_id:{TEXT}}}", refusal)]
