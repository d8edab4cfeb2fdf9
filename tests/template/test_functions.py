"""The functions of the template match their code."""

from collections.abc import Iterator, Mapping
from importlib import import_module

import pytest

from bridge.background_settings import (
    ForwarderSettings,
    PreflightSettings,
    ProvisionerSettings,
    ReconcilerSettings,
    WatchSettings,
)
from bridge.deadline import inline_seconds
from bridge.delivery.claim import CLAIM_LIFETIME
from bridge.forwarding.forwarder import ATTEMPT_LIFETIME
from bridge.receiving.responses import RETRY_AFTER_SECONDS
from bridge.settings import (
    KeptBodiesSettings,
    ReceiverSettings,
)
from functions.forwarder.handler import RESERVE_SECONDS
from functions.receiver import handler as receiver
from tests.support.sam_template import ROOT, functions, resources, source_resources, template

type Settings = (
    ReceiverSettings
    | ForwarderSettings
    | ProvisionerSettings
    | PreflightSettings
    | WatchSettings
    | ReconcilerSettings
)

SETTINGS: Mapping[str, type[Settings]] = {
    "ReceiverFunction": ReceiverSettings,
    "ForwarderFunction": ForwarderSettings,
    "ProvisionerFunction": ProvisionerSettings,
    "PreflightFunction": PreflightSettings,
    "WatchFunction": WatchSettings,
    "ReconcilerFunction": ReconcilerSettings,
}
KEEPING = {"ReceiverFunction", "ForwarderFunction"}
"""The functions that keep bodies; they read these settings when they keep the first one."""
POWERTOOLS = {
    "POWERTOOLS_SERVICE_NAME",
    "POWERTOOLS_LOG_LEVEL",
    "POWERTOOLS_LOGGER_SAMPLE_RATE",
    "POWERTOOLS_METRICS_NAMESPACE",
}
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
API_GATEWAY_SECONDS = 30


class Environment(Mapping[str, str]):
    """Has a value for every variable and records which were read."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        return "300"

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


def environment(name: str) -> dict[str, object]:
    """The environment variables of a function."""
    common = template()["Globals"]["Function"]["Environment"]["Variables"]
    return {**common, **functions()[name]["Environment"]["Variables"]}


def test_every_function_has_settings_and_a_folder() -> None:
    assert functions().keys() == SETTINGS.keys()
    folders = {path.parent.name for path in (ROOT / "functions").glob("*/handler.py")}
    assert {properties["CodeUri"] for properties in functions().values()} == {
        f"functions/{folder}" for folder in folders
    }


@pytest.mark.parametrize("name", SETTINGS)
def test_path_import_and_handler_string_are_the_same(name: str) -> None:
    properties, metadata = functions()[name], resources()[name]["Metadata"]
    package = properties["CodeUri"].replace("/", ".")

    assert metadata["BuildProperties"] == {
        "ParentPackageMode": "explicit",
        "ParentPackages": package,
    }
    assert properties["Handler"] == f"{package}.handler.lambda_handler"
    assert callable(import_module(f"{package}.handler").lambda_handler)


@pytest.mark.parametrize("name", SETTINGS)
def test_function_gets_only_the_variables_that_it_reads(name: str) -> None:
    read = Environment()
    SETTINGS[name].from_env(read)
    if name in KEEPING:
        KeptBodiesSettings.from_env(read)

    assert environment(name).keys() == read.names | POWERTOOLS


@pytest.mark.parametrize("name", SETTINGS)
def test_function_logs_under_its_name_into_its_own_group(name: str) -> None:
    service = functions()[name]["CodeUri"].rpartition("/")[2]

    assert environment(name)["POWERTOOLS_SERVICE_NAME"] == service
    group = functions()[name]["LoggingConfig"]["LogGroup"]["Ref"]
    assert resources()[group]["Type"] == "AWS::Logs::LogGroup"
    assert group.lower().startswith(service)


def test_receiver_responds_before_any_timeout() -> None:
    timeout = functions()["ReceiverFunction"]["Timeout"]

    assert inline_seconds(60) + receiver.RESERVE_SECONDS <= timeout < API_GATEWAY_SECONDS
    assert timeout < CLAIM_LIFETIME.total_seconds() < RETRY_AFTER_SECONDS


def test_forwarder_has_time_to_work_and_messages_outlive_its_retries() -> None:
    timeout = functions()["ForwarderFunction"]["Timeout"]
    retention = resources()["Buffer"]["Properties"]["MessageRetentionPeriod"]

    assert timeout / 2 > RESERVE_SECONDS
    assert retention > template()["Parameters"]["RetryHours"]["MaxValue"] * 3_600
    assert resources()["DeadLetters"]["Properties"]["MessageRetentionPeriod"] >= retention


def test_forwarder_reports_each_failed_message() -> None:
    [event] = functions()["ForwarderFunction"]["Events"].values()

    assert event["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert event["Properties"]["Queue"] == {"Fn::GetAtt": ["Buffer", "Arn"]}
    assert environment("ReceiverFunction")["BUFFER_QUEUE_URL"] == {"Ref": "Buffer"}
    assert environment("ForwarderFunction")["BUFFER_QUEUE_URL"] == {"Ref": "Buffer"}


@pytest.mark.parametrize(
    ("name", "resources_served"), [("ProvisionerFunction", 1), ("PreflightFunction", 2)]
)
def test_cloudformation_waits_longer_than_a_function_works(
    name: str, resources_served: int
) -> None:
    custom = [
        item["Properties"]
        for item in resources().values()
        if item["Properties"].get("ServiceToken") == {"Fn::GetAtt": [name, "Arn"]}
    ]

    assert len(custom) == resources_served
    custom += [
        item["Properties"]
        for item in source_resources().values()
        if item["Type"].startswith("Custom::") and name == "ProvisionerFunction"
    ]
    assert all(item["ServiceTimeout"] > functions()[name]["Timeout"] for item in custom)


def test_functions_and_layers_are_built_for_the_same_architecture() -> None:
    chosen = {"Ref": "Architecture"}
    layers = [
        item for item in resources().values() if item["Type"] == "AWS::Serverless::LayerVersion"
    ]

    assert template()["Globals"]["Function"]["Architectures"] == [chosen]
    assert [layer["Metadata"]["BuildArchitecture"] for layer in layers] == [chosen, chosen]
    assert template()["Parameters"]["Architecture"]["Default"] == "arm64"


def test_forwarder_may_be_invoked_for_messages_that_it_sent() -> None:
    """By default Lambda stops a function after about 16 invocations of one chain.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
    """
    assert functions()["ForwarderFunction"]["RecursiveLoop"] == "Allow"


def test_attempt_to_send_outlasts_the_invocation_of_the_forwarder() -> None:
    assert ATTEMPT_LIFETIME.total_seconds() >= functions()["ForwarderFunction"]["Timeout"]
