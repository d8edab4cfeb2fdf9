"""Whatever makes a version of the receiver is a property of the preflight, which publishes it."""

from copy import deepcopy
from typing import Any

import pytest

from tests.support.sam_template import resources, template
from tests.support.template_policies import KEY, deployment
from tests.support.template_references import references
from tests.support.translated_template import translate

# https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html: a version has the code
# and the configuration; tags and the reserved concurrency belong to the function. The code and the
# layers are in `Versions`.
NOT_OF_A_VERSION = {"Tags", "ReservedConcurrentExecutions"}
NAMED_BY_ARN = {"Code", "Layers"}
ANOTHER = {
    "Architecture": "x86_64",
    "AdobeCredentials": "/inlet-bridge/dev/secrets/other",
    "DebugSampleRate": "0.5",
    "KmsKeyArn": KEY,
    "SnapStart": "PublishedVersions",
    "Stage": "prod",
    "Tracing": "Active",
    "AdobeImsUrl": "https://ims.example.com",
    "InletHosts": "inlet.example.com",
    "RecordDays": "20",
    "ReceiverConcurrency": "7",
    "ReceiverMemory": "512",
}
"""Another value for each parameter that reaches the receiver."""


def receiver(document: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = document["Resources"]["ReceiverFunction"]["Properties"]
    return properties


def preflight(document: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = document["Resources"]["ReceiverPreflight"]["Properties"]
    return properties


def parameters_of(part: Any) -> set[str]:
    """The parameters that a part of the template refers to, also by its conditions."""
    names = {name for _, name, _ in references(part) if name in template()["Parameters"]}
    for condition in conditions_of(part):
        names |= parameters_of(template()["Conditions"][condition])
    return names


def conditions_of(part: Any) -> set[str]:
    match part:
        case {"Fn::If": [str(name), *rest]}:
            return {name} | conditions_of(rest)
        case {"Condition": str(name)}:
            return {name}
        case dict():
            return {name for each in part.values() for name in conditions_of(each)}
        case list():
            return {name for each in part for name in conditions_of(each)}
    return set()


def resolved(part: Any, **given: str) -> Any:
    return deployment(**given).resolved(part)


def test_preflight_names_every_property_of_a_version(translated: dict[str, Any]) -> None:
    function = receiver(translated)
    of_version = function.keys() - NOT_OF_A_VERSION - NAMED_BY_ARN

    assert preflight(translated)["Configuration"] == {name: function[name] for name in of_version}


def test_preflight_names_code_and_layers(translated: dict[str, Any]) -> None:
    code, *layers = preflight(translated)["Versions"]

    assert layers == list(reversed(receiver(translated)["Layers"]))
    [version] = [
        name
        for name, each in translated["Resources"].items()
        if each["Type"] == "AWS::Lambda::Version"
    ]
    assert code == {"Ref": version}


def test_every_parameter_of_the_receiver_has_another_value_here(
    translated: dict[str, Any],
) -> None:
    assert parameters_of(receiver(translated)) == ANOTHER.keys()


@pytest.mark.parametrize("name", sorted(ANOTHER))
def test_every_parameter_of_a_version_changes_the_preflight(
    translated: dict[str, Any], name: str
) -> None:
    function, configuration = receiver(translated), preflight(translated)["Configuration"]
    of_version = {each: function[each] for each in configuration}

    after = resolved(configuration, **{name: ANOTHER[name]})

    assert after == resolved(of_version, **{name: ANOTHER[name]})
    assert (after != resolved(configuration)) == (name != "ReceiverConcurrency")


def versions(document: dict[str, Any]) -> list[str]:
    kinds = document["Resources"].items()
    return [name for name, each in kinds if each["Type"] == "AWS::Lambda::Version"]


def test_sam_publishes_no_version_when_only_tags_or_the_reservation_change(
    translated: dict[str, Any],
) -> None:
    """Lambda would return the last version, and CloudFormation would fail: it exists."""
    document = deepcopy(template())
    document["Resources"]["ReceiverFunction"]["Properties"] |= {
        "ReservedConcurrentExecutions": 7,
        "Tags": {"team": "web"},
    }

    assert versions(translate(document)) == versions(translated)


def test_sam_publishes_a_version_for_changed_code(translated: dict[str, Any]) -> None:
    document = deepcopy(template())
    document["Resources"]["ReceiverFunction"]["Properties"]["CodeUri"] += "-2"

    assert versions(translate(document)) != versions(translated)


def test_version_of_a_deployment_that_was_rolled_back_is_deleted(
    translated: dict[str, Any],
) -> None:
    [version] = versions(translated)

    assert translated["Resources"][version]["DeletionPolicy"] == "Delete"


def test_only_the_receiver_is_invoked_by_version(translated: dict[str, Any]) -> None:
    """The other functions are invoked as $LATEST, so that a changed parameter takes effect."""
    of_functions = [
        (name, each["Properties"]["FunctionName"])
        for name, each in translated["Resources"].items()
        if each["Type"] in {"AWS::Lambda::Alias", "AWS::Lambda::Version"}
    ]
    assert {function["Ref"] for _, function in of_functions} == {"ReceiverFunction"}
    mappings = [
        each["Properties"]["FunctionName"]
        for each in translated["Resources"].values()
        if each["Type"] == "AWS::Lambda::EventSourceMapping"
    ]
    assert mappings == [{"Ref": "ForwarderFunction"}] * len(mappings)


def test_no_alarm_stops_the_deployment_of_a_fix() -> None:
    """CodeDeploy stops a deployment while an alarm of its group rings."""
    kinds = {item["Type"] for item in resources().values()}

    assert not [kind for kind in kinds if kind.startswith("AWS::CodeDeploy::")]
    assert "UpdatePolicy" not in resources()["ReceiverAlias"]
