"""The overview: the chain, counts over time, what waits and why, and alarms."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from inlet_bridge.inspector.inspector import Inspector
from inlet_bridge.inspector.overview.chain_picture import picture
from inlet_bridge.inspector.overview.charts import Chart
from inlet_bridge.inspector.overview.overview import (
    dataset_charts,
    queue_chart,
    reason_rows,
    source_rows,
)
from inlet_bridge.inspector.overview.runbooks import runbooks
from inlet_bridge.inspector.overview.source_charts import read_until, source_charts
from inlet_bridge.inspector.web.panels import Panel, panel
from inlet_bridge.inspector.web.rendering import inspector_of, page
from inlet_bridge.inspector.web.request_stack import deployed_of
from inlet_bridge.operations.configuration.drift import Difference, differences
from inlet_bridge.operations.configuration.topology import Topology, read_topology
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.monitoring.activity import Activity, activity
from inlet_bridge.operations.monitoring.alarms import alarms
from inlet_bridge.operations.monitoring.ingested_activity import DatasetActivity, ingested_activity
from inlet_bridge.operations.monitoring.logged_activity import logged_activity
from inlet_bridge.operations.monitoring.open_summary import OpenSummary, open_summary
from inlet_bridge.operations.monitoring.time_span import TimeRange, TimeSpan, time_span


def overview(request: Request) -> Response:
    """Show the deployment as a whole."""
    deployed, now = deployed_of(request), datetime.now(UTC)
    chosen = _range(request)
    span = time_span(chosen, now)
    topology = panel(lambda: read_topology(deployed))
    found = _drift(request, deployed)
    counted = panel(lambda: _activity(inspector_of(request), deployed, topology, span, now))
    waiting = panel(lambda: open_summary(deployed))
    ingested = panel(lambda: ingested_activity(deployed, span))
    known = topology.value
    rows = source_rows(known, waiting.value, now) if known else []
    values: dict[str, Any] = {
        "range": chosen,
        "ranges": list(TimeRange),
        "topology": topology,
        "pictures": [(each, picture(each, found.value or ())) for each in known.connections]
        if known
        else [],
        "drift": found,
        "is_compared": _compares(request),
        "activity": counted,
        "charts": _charts(counted, waiting, ingested, topology),
        "queues": queue_chart(counted.value) if counted.value else None,
        "datasets": dataset_charts(ingested.value or (), span, known),
        "ingested": ingested,
        "waiting": waiting,
        "rows": rows,
        "reasons": reason_rows(waiting.value, rows, now) if waiting.value else [],
        "notice": request.app.state.notices.find(request.query_params.get("notice", "")),
        "alarms": panel(lambda: alarms(deployed)),
        "alarms_enabled": panel(lambda: deployed.parameters.get("Alarms", "")).value != "disabled",
        "runbooks": runbooks(),
        "now": now,
    }
    return page(request, "overview.html", **values)


def _charts(
    counted: Panel[Activity],
    waiting: Panel[OpenSummary],
    ingested: Panel[list[DatasetActivity]],
    topology: Panel[Topology],
) -> list[Chart]:
    if counted.value is None:
        return []
    known = topology.value
    read = read_until(ingested.value or (), known) if known else {}
    return source_charts(counted.value, waiting.value, read)


def _range(request: Request) -> TimeRange:
    try:
        return TimeRange(request.query_params.get("range", TimeRange.DAY))
    except ValueError:
        text = f"range must be one of {', '.join(TimeRange)}."
        raise HTTPException(HTTPStatus.BAD_REQUEST, text) from None


def _compares(request: Request) -> bool:
    return request.query_params.get("drift") == "1"


def _drift(request: Request, deployed: Deployed) -> Panel[list[Difference]]:
    """The differences, if they are asked for, since that calls Adobe."""
    if not _compares(request):
        return Panel(None)
    return panel(lambda: differences(deployed))


def _activity(
    inspector: Inspector, deployed: Deployed, topology: Panel[Any], span: TimeSpan, now: datetime
) -> Activity:
    if inspector.is_local:
        return logged_activity(deployed, span, now)
    sources = topology.value.source_names if topology.value else deployed.sources
    return activity(deployed, sources, span)


def runbook(request: Request) -> Response:
    """Show the section of the documentation with this anchor."""
    found = runbooks().get(request.path_params["anchor"])
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    title, text = found
    return page(request, "runbook.html", title=title, text=text)


ROUTES = [
    Route("/stacks/{stack}/overview", overview),
    Route("/stacks/{stack}/runbooks/{anchor}", runbook),
]
