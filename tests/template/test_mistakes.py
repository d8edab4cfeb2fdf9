"""The template has none of the mistakes that linters miss, and each check finds its own."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from tests.support import template_mistakes as mistakes
from tests.support.sam_template import template
from tests.support.template_mistakes import CHECKS, Check


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_template_has_no_such_mistake(check: Check) -> None:
    assert list(check(template())) == []


def visibility(document: dict[str, Any]) -> None:
    document["Resources"]["Buffer"]["Properties"]["VisibilityTimeout"] = 359


def no_visibility(document: dict[str, Any]) -> None:
    del document["Resources"]["Buffer"]["Properties"]["VisibilityTimeout"]


def longer_timeout(document: dict[str, Any]) -> None:
    document["Resources"]["ForwarderFunction"]["Properties"]["Timeout"] = 61


def no_window(document: dict[str, Any]) -> None:
    events = document["Resources"]["ForwarderFunction"]["Properties"]["Events"]
    del events["Waiting"]["Properties"]["MaximumBatchingWindowInSeconds"]


def no_slash(document: dict[str, Any]) -> None:
    document["Resources"]["WebhookRoute"]["Properties"]["RouteKey"] = "ANY webhooks/{source}"


def no_slash_in_event(document: dict[str, Any]) -> None:
    document["Resources"]["ReceiverFunction"]["Properties"]["Events"] = {
        "Way": {"Type": "HttpApi", "Properties": {"Path": "webhooks/{source}", "Method": "ANY"}}
    }


def wrong_code(document: dict[str, Any]) -> None:
    document["Resources"]["ReceiverFunction"]["Properties"]["CodeUri"] = "functions/reciever"


def no_code(document: dict[str, Any]) -> None:
    del document["Resources"]["ForwarderFunction"]["Properties"]["CodeUri"]


def wrong_layer(document: dict[str, Any]) -> None:
    document["Resources"]["BridgeLayer"]["Properties"]["ContentUri"] = "layers/brigde"


def wrong_module(document: dict[str, Any]) -> None:
    handler = "functions.receiver.app.lambda_handler"
    document["Resources"]["ReceiverFunction"]["Properties"]["Handler"] = handler


def wrong_function(document: dict[str, Any]) -> None:
    handler = "functions.receiver.handler.handler"
    document["Resources"]["ReceiverFunction"]["Properties"]["Handler"] = handler


def no_handler(document: dict[str, Any]) -> None:
    del document["Resources"]["ReceiverFunction"]["Properties"]["Handler"]


def trailing_comma(document: dict[str, Any]) -> None:
    body = {"Fn::Sub": '{"widgets":[{"type":"metric","properties":{"region":"${AWS::Region}"}},]}'}
    document["Resources"]["Board"] = {
        "Type": "AWS::CloudWatch::Dashboard",
        "Properties": {"DashboardBody": body},
    }


def no_widgets(document: dict[str, Any]) -> None:
    document["Resources"]["Board"] = {
        "Type": "AWS::CloudWatch::Dashboard",
        "Properties": {"DashboardBody": '{"widget":[]}'},
    }


@pytest.mark.parametrize(
    ("seed", "check"),
    [
        (visibility, mistakes.visibility_below_six_timeouts),
        (no_visibility, mistakes.visibility_below_six_timeouts),
        (longer_timeout, mistakes.visibility_below_six_timeouts),
        (no_window, mistakes.large_batch_without_window),
        (no_slash, mistakes.route_without_slash),
        (no_slash_in_event, mistakes.route_without_slash),
        (wrong_code, mistakes.missing_code),
        (no_code, mistakes.missing_code),
        (wrong_layer, mistakes.missing_code),
        (wrong_module, mistakes.missing_handler),
        (wrong_function, mistakes.missing_handler),
        (no_handler, mistakes.missing_handler),
        (trailing_comma, mistakes.broken_dashboard),
        (no_widgets, mistakes.broken_dashboard),
    ],
    ids=lambda function: function.__name__,
)
def test_only_its_check_finds_a_seeded_mistake(
    seed: Callable[[dict[str, Any]], None], check: Check
) -> None:
    document = deepcopy(template())
    seed(document)

    found = {each.__name__: len(list(each(document))) for each in CHECKS}
    assert found.pop(check.__name__) >= 1
    assert not any(found.values())


def test_valid_dashboard_passes() -> None:
    body = (
        '{"widgets":[{"type":"metric","width":${Width},"properties":{"region":"${AWS::Region}"}}]}'
    )
    board = {
        "Type": "AWS::CloudWatch::Dashboard",
        "Properties": {"DashboardBody": {"Fn::Sub": [body, {"Width": 6}]}},
    }

    assert list(mistakes.broken_dashboard({"Resources": {"Board": board}})) == []
