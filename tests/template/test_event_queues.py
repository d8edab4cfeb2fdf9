"""EventBridge may send to the queues, and what it cannot send is kept."""

import pytest

from tests.support.sam_template import resources, source_resources, template


def test_event_that_cannot_be_delivered_moves_to_a_queue_with_an_alarm() -> None:
    [target] = source_resources()["EventRule"]["Properties"]["Targets"]
    queue = {"Fn::GetAtt": ["DeadLetters", "QueueName"]}
    watched = [
        item["Properties"]["Dimensions"][0]["Value"]
        for item in resources().values()
        if item["Type"] == "AWS::CloudWatch::Alarm" and item["Properties"].get("Dimensions")
    ]

    imported = {"Fn::ImportValue": {"Fn::Sub": "inlet-bridge-${Stage}-DeadLettersArn"}}
    assert target["DeadLetterConfig"] == {"Arn": imported}
    events = source_resources()["Events"]["Properties"]
    assert events["RedrivePolicy"]["deadLetterTargetArn"] == imported
    assert template()["Outputs"]["DeadLettersArn"]["Value"] == {
        "Fn::GetAtt": ["DeadLetters", "Arn"]
    }
    assert queue in watched


@pytest.mark.parametrize(
    ("name", "queue"), [("UndeliveredEventsPolicy", "DeadLetters"), ("EventsPolicy", "Events")]
)
def test_eventbridge_may_send_to_the_queues_of_its_rules(name: str, queue: str) -> None:
    policy = {**resources(), **source_resources()}[name]["Properties"]
    [statement] = policy["PolicyDocument"]["Statement"]

    assert policy["Queues"] == [{"Ref": queue}]
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert (statement["Effect"], statement["Action"]) == ("Allow", "sqs:SendMessage")
    assert statement["Resource"] == {"Fn::GetAtt": [queue, "Arn"]}
