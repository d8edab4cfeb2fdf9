"""Mistakes in a template that neither `sam validate --lint` nor cfn-lint finds.

Each check takes a template before the SAM transform and yields a sentence per mistake.
"""

import ast
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.support.sam_template import ROOT

type Check = Callable[[Mapping[str, Any]], Iterator[str]]

# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html: "at least six times".
_VISIBILITY_FACTOR = 6
# https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html, BatchSize.
_BATCH_WITHOUT_WINDOW = 10

_ROUTE = re.compile(r"\$default|(ANY|GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) /\S*")


def _of_type(template: Mapping[str, Any], kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, resource in template["Resources"].items():
        if resource["Type"] == kind:
            yield name, resource.get("Properties", {})


def _functions(template: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    common = template.get("Globals", {}).get("Function", {})
    for name, properties in _of_type(template, "AWS::Serverless::Function"):
        yield name, {**common, **properties}


def _events(properties: Mapping[str, Any], kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, event in properties.get("Events", {}).items():
        if event["Type"] == kind:
            yield name, event["Properties"]


def visibility_below_six_timeouts(template: Mapping[str, Any]) -> Iterator[str]:
    """A message would become visible while a function still processes it."""
    queues = dict(_of_type(template, "AWS::SQS::Queue"))
    for name, function in _functions(template):
        for _, event in _events(function, "SQS"):
            queue = event["Queue"]["Fn::GetAtt"][0]
            visibility = queues[queue].get("VisibilityTimeout", 30)
            wanted = _VISIBILITY_FACTOR * function.get("Timeout", 3)
            if visibility < wanted:
                yield f"{queue}: VisibilityTimeout is {visibility} s; {name} needs {wanted} s"


def large_batch_without_window(template: Mapping[str, Any]) -> Iterator[str]:
    """Lambda rejects the event source at deployment."""
    for name, function in _functions(template):
        for event_name, event in _events(function, "SQS"):
            window = event.get("MaximumBatchingWindowInSeconds", 0)
            if event.get("BatchSize", 10) > _BATCH_WITHOUT_WINDOW and not window:
                yield f"{name}.{event_name}: BatchSize above 10 needs a batching window"


def route_without_slash(template: Mapping[str, Any]) -> Iterator[str]:
    """API Gateway accepts the route, but no request matches it."""
    for name, route in _of_type(template, "AWS::ApiGatewayV2::Route"):
        if not _ROUTE.fullmatch(route["RouteKey"]):
            yield f"{name}: {route['RouteKey']} is not a route"
    for name, function in _functions(template):
        for event_name, event in _events(function, "HttpApi"):
            if not event["Path"].startswith("/"):
                yield f"{name}.{event_name}: {event['Path']} does not start with a slash"


def missing_code(template: Mapping[str, Any]) -> Iterator[str]:
    """The deployment would contain other code or none."""
    for name, function in _functions(template):
        if not _is_folder(function.get("CodeUri")):
            yield f"{name}: CodeUri {function.get('CodeUri')} is not a folder"
    for name, layer in _of_type(template, "AWS::Serverless::LayerVersion"):
        if not _is_folder(layer.get("ContentUri")):
            yield f"{name}: ContentUri {layer.get('ContentUri')} is not a folder"


def missing_handler(template: Mapping[str, Any]) -> Iterator[str]:
    """Every invocation would fail."""
    for name, function in _functions(template):
        module, _, attribute = function.get("Handler", "").rpartition(".")
        file = ROOT / (module.replace(".", "/") + ".py")
        defined = _defined_in(file) if module and file.is_file() else set()
        if attribute not in defined:
            yield f"{name}: there is no handler {function.get('Handler')}"


def broken_dashboard(template: Mapping[str, Any]) -> Iterator[str]:
    """CloudWatch rejects the dashboard at deployment."""
    for name, dashboard in _of_type(template, "AWS::CloudWatch::Dashboard"):
        body = dashboard["DashboardBody"]
        if isinstance(body, dict):
            body = body["Fn::Sub"]
        text, own = (body, {}) if isinstance(body, str) else body
        for variable, value in own.items():
            match value:
                case {"Fn::If": [_, _, str(otherwise)]}:
                    text = text.replace(f"${{{variable}}}", otherwise)
        try:
            document = json.loads(re.sub(r"\$\{[^}]*\}", "0", text))
        except ValueError as exc:
            yield f"{name}: DashboardBody is not JSON: {exc}"
            continue
        if not document.get("widgets"):
            yield f"{name}: DashboardBody has no widgets"


CHECKS: tuple[Check, ...] = (
    visibility_below_six_timeouts,
    large_batch_without_window,
    route_without_slash,
    missing_code,
    missing_handler,
    broken_dashboard,
)


def _is_folder(uri: object) -> bool:
    return isinstance(uri, str) and bool(uri) and Path(ROOT, uri).is_dir()


def _defined_in(file: Path) -> set[str]:
    return {
        node.name for node in ast.parse(file.read_text()).body if isinstance(node, ast.FunctionDef)
    }
