"""What needs a statement of a function's role: for each one, an act that fails without it."""

import json
from collections.abc import Callable
from secrets import token_hex

import requests

from inlet_bridge.local.extra_sources import CONNECTION
from inlet_bridge.local.stack import STAGE
from tests.support.deployment import Deployment
from tests.support.waiting import MAX_SECONDS


def send_plainly(deployment: Deployment) -> None:
    deployment.send()


def send_into_the_buffer(deployment: Deployment) -> None:
    """The inlet is down for the receiver, not for the forwarder."""
    deployment.inlet_answers(503, times=1)
    deployment.send()


def send_and_be_put_off(deployment: Deployment) -> None:
    """The inlet is down for the receiver and for the forwarder's first attempt."""
    deployment.inlet_answers(503, times=1)
    deployment.inlet_answers(503, times=1, batches=True)
    deployment.send()


def send_what_the_inlet_refuses(deployment: Deployment) -> None:
    """The receiver buffers it, the forwarder finds out that it can never pass."""
    deployment.inlet_refuses("poison")
    deployment.bridge.api.send(deployment.new_webhook("poison"))


def send_a_large_body(deployment: Deployment) -> None:
    """Larger than an item of the kept bodies, also compressed."""
    deployment.bridge.api.send(deployment.new_webhook(token_hex(20_000)))


def put_a_large_event(deployment: Deployment) -> None:
    deployment.client("sqs").send_message(
        QueueUrl=deployment.bridge.sources.resources["Events"],
        MessageBody=json.dumps({"order": token_hex(20_000)}),
    )


def bring_a_secret(deployment: Deployment) -> None:
    """Asana's first request brings the secret of all further ones."""
    name = f"asana-{next(deployment.numbers)}"
    path_token = f"/inlet-bridge/{STAGE}/secrets/{name}-path"
    deployment.client("ssm").put_parameter(
        Name=path_token, Value="nobody-guesses-this-token", Type="SecureString"
    )
    deployment.invoke_provisioner(
        {
            "action": "apply",
            "source": {
                "Name": name,
                "Provider": "asana",
                "Registration": "pending",
                "Secrets": [f"/inlet-bridge/{STAGE}/secrets/captured/{name}"],
                "PathTokens": [path_token],
                "Connection": CONNECTION,
            },
        }
    )
    url = f"{deployment.bridge.stack.cloud.endpoint}/webhooks/{name}/nobody-guesses-this-token"
    headers = {"host": deployment.bridge.api.host, "x-hook-secret": "b537207f20cbfa02357cf448"}
    answer = requests.post(url, headers=headers, timeout=MAX_SECONDS)
    deployment.answers.append(f"{answer.status_code}")
    deployment.invoke_provisioner({"action": "destroy", "source": name})


def mint_in_the_forwarder(deployment: Deployment) -> None:
    """The receiver has a token in memory, the forwarder neither that nor one that is shared.

    A message that is still in the buffer may have given the forwarder the shared token.
    """
    deployment.send()
    deployment.client("ssm").delete_parameters(Names=[f"/inlet-bridge/{STAGE}/tokens/token"])
    deployment.restart("forwarder")
    send_into_the_buffer(deployment)


def put_an_event(deployment: Deployment) -> None:
    queue = deployment.bridge.sources.resources["Events"]
    deployment.client("sqs").send_message(QueueUrl=queue, MessageBody='{"order": "plain"}')


def send_to_an_invented_name(deployment: Deployment) -> None:
    bridge = deployment.bridge
    url = f"{bridge.stack.cloud.endpoint}/webhooks/invented-{next(deployment.numbers)}"
    requests.post(url, headers={"host": bridge.api.host}, timeout=MAX_SECONDS)


def put_an_event_of_an_invented_source(deployment: Deployment) -> None:
    name = f"invented-{next(deployment.numbers)}"
    deployment.client("sqs").send_message(
        QueueUrl=deployment.bridge.sources.resources["Events"],
        MessageBody="{}",
        MessageAttributes={"source": {"DataType": "String", "StringValue": name}},
    )


def apply_a_source(deployment: Deployment) -> None:
    name = f"shop-{next(deployment.numbers)}"
    source = {
        "Name": name,
        "Provider": "github",
        "Secrets": [f"/inlet-bridge/{STAGE}/secrets/github"],
        "Connection": CONNECTION,
    }
    deployment.invoke_provisioner({"action": "apply", "source": source})
    deployment.invoke_provisioner({"action": "destroy", "source": name})


def subscribe_without_a_credential(deployment: Deployment) -> None:
    """No vendor is asked: the credential does not exist."""
    source = {
        "Name": f"shop-{next(deployment.numbers)}",
        "Provider": "stripe",
        "Subscription": {
            "Credential": f"/inlet-bridge/{STAGE}/credentials/none",
            "Events": ["charge.succeeded"],
        },
        "Connection": CONNECTION,
    }
    deployment.invoke_provisioner({"action": "apply", "source": source})


def remove_a_subscription(deployment: Deployment) -> None:
    """No vendor is asked: the credential of the only, former webhook does not exist."""
    name = f"shop-{next(deployment.numbers)}"
    source = {
        "Name": name,
        "Provider": "github",
        "Secrets": [f"/inlet-bridge/{STAGE}/secrets/github"],
        "Connection": CONNECTION,
    }
    former = {
        "preset": "stripe",
        "target": "",
        "value": "",
        "credential": f"/inlet-bridge/{STAGE}/credentials/none",
        "events": ["charge.succeeded"],
        "id": "we_1",
    }
    deployment.invoke_provisioner({"action": "apply", "source": source})
    deployment.client("ssm").put_parameter(
        Name=f"/inlet-bridge/{STAGE}/sources/{name}/subscription",
        Value=json.dumps({"current": None, "former": [former]}),
        Type="String",
    )
    deployment.invoke_provisioner({"action": "destroy", "source": name})


def look_for_sources(deployment: Deployment) -> None:
    _look(deployment, "QuietSources")


def look_for_deliveries(deployment: Deployment) -> None:
    _look(deployment, "Unaccounted")


def reconcile(deployment: Deployment) -> None:
    """A run right after another one is refused, so the state of the last one is deleted."""
    deployment.client("dynamodb").delete_item(
        TableName=deployment.bridge.stack.resources["Deliveries"],
        Key={"source": {"S": "#ingestion"}, "delivery_id": {"S": "run"}},
    )
    deployment.client("lambda").invoke(
        FunctionName=deployment.bridge.stack.resources["ReconcilerFunction"],
        Payload=b'{"action": "reconcile"}',
    )


def reconcile_without_a_token(deployment: Deployment) -> None:
    deployment.client("ssm").delete_parameters(Names=[f"/inlet-bridge/{STAGE}/tokens/token"])
    deployment.restart("reconciler")
    reconcile(deployment)


def _look(deployment: Deployment, name: str) -> None:
    deployment.client("lambda").invoke(
        FunctionName=deployment.bridge.stack.resources["WatchFunction"],
        Payload=json.dumps({"look": name}).encode(),
    )


def ask_for_everything(deployment: Deployment) -> None:
    deployment.invoke_provisioner({"action": "status"})


def plan_a_connection(deployment: Deployment) -> None:
    adobe = deployment.bridge.adobe
    flow = {"Name": "other", "DatasetId": adobe.dataset_id, "SchemaId": adobe.schema_id}
    deployment.invoke_provisioner(
        {"action": "plan", "connection": {"Name": "other", "Flows": [flow]}}
    )


NEEDED: dict[tuple[str, str], Callable[[Deployment], None]] = {
    ("receiver", "ReadSourcesAndSecrets"): send_plainly,
    ("receiver", "RecordDeliveries"): send_plainly,
    ("receiver", "ShareToken"): send_plainly,
    ("receiver", "BufferDeliveries"): send_into_the_buffer,
    ("receiver", "KeepCapturedSecrets"): bring_a_secret,
    ("receiver", "KeepBodies"): send_plainly,
    ("receiver", "KeepLargeBodies"): send_a_large_body,
    ("receiver", "ListSources"): send_to_an_invented_name,
    ("forwarder", "ReadSources"): send_into_the_buffer,
    ("forwarder", "ListSources"): put_an_event_of_an_invented_source,
    ("forwarder", "ReadCredentials"): mint_in_the_forwarder,
    ("forwarder", "RecordDeliveries"): send_into_the_buffer,
    ("forwarder", "ReadSourcesOfQueues"): put_an_event,
    ("forwarder", "ClaimEvents"): put_an_event,
    ("forwarder", "KeepBodies"): put_an_event,
    ("forwarder", "KeepLargeBodies"): put_a_large_event,
    ("forwarder", "ShareToken"): send_into_the_buffer,
    ("forwarder", "TakeFromBuffer"): send_and_be_put_off,
    ("forwarder", "KeepDeadLettersAndSendAgain"): send_what_the_inlet_refuses,
    ("provisioner", "ReadSecrets"): plan_a_connection,
    ("provisioner", "ReadVendorCredentials"): subscribe_without_a_credential,
    ("provisioner", "KeepSecretsOfSubscriptions"): remove_a_subscription,
    ("provisioner", "ShareToken"): plan_a_connection,
    ("provisioner", "ListIdsAndSources"): ask_for_everything,
    ("provisioner", "KeepIdsAndSources"): apply_a_source,
    ("watch", "ReadSources"): look_for_sources,
    ("watch", "ReadMetrics"): look_for_sources,
    ("watch", "CountRecords"): look_for_deliveries,
    ("watch", "CountWaiting"): look_for_deliveries,
    ("reconciler", "ReadConnections"): reconcile,
    ("reconciler", "ReadCredentials"): reconcile_without_a_token,
    ("reconciler", "ShareToken"): reconcile_without_a_token,
    ("reconciler", "RecordBatches"): reconcile,
    ("reconciler", "FindDeliveries"): reconcile,
}
