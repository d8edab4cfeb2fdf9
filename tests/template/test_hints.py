"""Events of Adobe invoke the reconciler, only from their bus and only if one is named."""

import re

from tests.support.sam_template import resources, template

RULE, PERMISSION = "IngestionHints", "IngestionHintsPermission"
# https://developer.adobe.com/events/docs/guides/amazon-eventbridge/
EXAMPLE = "aws.partner/developer.adobe.com.test/8dc56ec7-dae2-43cf-bacf-5ab8fabcabcb"


def test_rule_passes_no_content_of_an_event() -> None:
    properties = resources()[RULE]["Properties"]
    [target] = properties["Targets"]

    assert properties["EventBusName"] == {"Ref": "AdobeEventBus"}
    [source] = properties["EventPattern"]["source"]
    assert EXAMPLE.startswith(source["prefix"])
    assert target["Arn"] == {"Fn::GetAtt": ["ReconcilerFunction", "Arn"]}
    assert target["Input"] == '{"action": "hint"}'


def test_only_the_rule_may_invoke_the_function() -> None:
    assert resources()[PERMISSION]["Properties"] == {
        "Action": "lambda:InvokeFunction",
        "FunctionName": {"Ref": "ReconcilerFunction"},
        "Principal": "events.amazonaws.com",
        "SourceArn": {"Fn::GetAtt": [RULE, "Arn"]},
    }


def test_nothing_exists_without_a_bus() -> None:
    assert {resources()[name]["Condition"] for name in (RULE, PERMISSION)} == {"HasAdobeEvents"}
    assert template()["Parameters"]["AdobeEventBus"]["Default"] == ""
    assert template()["Conditions"]["HasAdobeEvents"] == {
        "Fn::Not": [{"Fn::Equals": [{"Ref": "AdobeEventBus"}, ""]}]
    }


def test_name_of_the_bus_is_that_of_a_partner() -> None:
    pattern = template()["Parameters"]["AdobeEventBus"]["AllowedPattern"]

    assert all(re.fullmatch(pattern, name) for name in ("", EXAMPLE))
    assert not any(re.fullmatch(pattern, name) for name in ("default", "aws.partner/a b"))
