"""Tests of every command of the operations page, on a separate bridge."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bridge.delivery.delivery import Delivery
from inlet_bridge.cli.main import app
from inlet_bridge.local.extra_sources import CONNECTION
from inlet_bridge.local.stack import STACK, STAGE
from tests.support.aws_command import run_aws
from tests.support.deployment import Deployment, deployed
from tests.support.sam_template import ROOT
from tests.support.waiting import MAX_SECONDS, eventually

PAGE = (ROOT / "docs" / "operations.md").read_text()
COMMANDS = [
    line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()
]
SOURCE = "github"
RETAINED_TABLE = "inlet-bridge-local-Deliveries-0LD"
MAY_FIND_NOTHING = {"replay", "failed"}
"""Their status is 1 if what they name cannot be sent; tests/e2e/test_ingestion.py sends again."""


@dataclass
class Operator:
    """An operator whose shell has read `aws.env`."""

    deployment: Deployment
    folder: Path
    retained_queue: str

    def words(self, line: str) -> list[str]:
        """Return the words of a line of the page, with its placeholders replaced."""
        bridge = self.deployment.bridge
        secret = bridge.parameters.secret(SOURCE)
        (self.folder / "adobe.json").write_text(bridge.adobe.credentials)
        (self.folder / "secret").write_text(secret)
        stands_for = {
            "STAGE": STAGE,
            "STACK": STACK,
            "SOURCE": SOURCE,
            "PROVIDER": "github",
            "SECRET": secret,
            "FILE": str(self.folder / "secret"),
            "URL": f"http://{bridge.api.host}/webhooks/{SOURCE}",
            "CONNECTION": CONNECTION,
            "FLOW": "events",
            "DELIVERY_ID": "delivery-0",
            "DEAD_LETTER": "delivery-1",
            "RETAINED_QUEUE": self.retained_queue,
            "RETAINED_TABLE": RETAINED_TABLE,
        }
        return [
            re.sub(r"\b[A-Z_]{3,}\b(?!=)", lambda found: stands_for[found[0]], word)
            for word in shlex.split(line)
        ]

    def run(self, line: str) -> None:
        program, *arguments = self.words(line)
        match program:
            case "inlet":
                self._invoke(arguments)
            case "make":
                self._start(["make", "--dry-run", *arguments])
            case "aws":
                run_aws(self.deployment.client, self.folder, *arguments)
            case _:
                raise AssertionError(line)

    def _invoke(self, arguments: list[str]) -> None:
        """Run the command in this process, since an import for each line takes much longer."""
        environ = self.deployment.bridge.stack.cloud.environ()
        with chdir(ROOT):
            ended = CliRunner().invoke(app, arguments, env=environ)
        expected = {0, 1} if arguments[0] in MAY_FIND_NOTHING else {0}
        assert ended.exit_code in expected, f"{arguments}\n{ended.output}{ended.exception}"
        assert isinstance(ended.exception, SystemExit | None), arguments

    def _start(self, words: list[str]) -> None:
        ended = subprocess.run(  # noqa: S603
            words,
            cwd=ROOT,
            env=self.deployment.bridge.stack.cloud.environ(),
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=MAX_SECONDS,
        )
        assert ended.returncode == 0, f"{words}\n{ended.stdout}{ended.stderr}"


@pytest.fixture(scope="module")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    """Return a bridge with one delivered webhook, one dead letter and one buffered webhook."""
    with deployed(tmp_path_factory.mktemp("operations")) as deployment:
        assert deployment.send().status in {200, 202}
        records = deployment.bridge.deliveries.records
        assert eventually(lambda: "delivered" in {each.state for each in records().values()})
        deployment.inlet_refuses("poison")
        deployment.bridge.api.send(deployment.new_webhook("poison"))
        dead = deployment.client("sqs")
        url = deployment.bridge.stack.resources["DeadLetters"]

        def one_is_dead() -> bool:
            names = ["ApproximateNumberOfMessages"]
            found = dead.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
            return bool(found[names[0]] == "1")

        assert eventually(one_is_dead)
        deployment.inlet_answers(503, times=1)
        deployment.inlet_answers(503, times=1_000, batches=True)
        assert deployment.send().status == 202
        yield Operator(deployment, deployment.folder, storage_of_a_deleted_stack(deployment))


def storage_of_a_deleted_stack(deployment: Deployment) -> str:
    """Create a table and a buffer with a webhook; return the URL of the buffer."""
    dynamodb, sqs = deployment.client("dynamodb"), deployment.client("sqs")
    table = deployment.bridge.stack.resources["Deliveries"]
    like = dynamodb.describe_table(TableName=table)["Table"]
    keys = {each["AttributeName"] for each in like["KeySchema"]}
    dynamodb.create_table(
        TableName=RETAINED_TABLE,
        KeySchema=like["KeySchema"],
        AttributeDefinitions=[
            each for each in like["AttributeDefinitions"] if each["AttributeName"] in keys
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    url: str = sqs.create_queue(QueueName=f"{STACK}-Buffer-0LD")["QueueUrl"]
    now = datetime.now(UTC)
    left = Delivery(SOURCE, "left", "id:left", "push", "events", now, now, b'{"left": true}')
    sqs.send_message(QueueUrl=url, MessageBody=left.encode())
    return url


def test_every_command_of_the_page_works_as_documented(operator: Operator) -> None:
    assert len(COMMANDS) > 20
    bridge = operator.deployment.bridge
    resources = {**bridge.sources.resources, **bridge.stack.resources}
    for line in COMMANDS:
        operator.run(line)

    def is_gone() -> bool:
        functions = operator.deployment.client("lambda").list_functions()["Functions"]
        return resources["WatchFunction"] not in {each["FunctionName"] for each in functions}

    assert eventually(is_gone)
    assert SOURCE not in str(operator.deployment.bridge.parameters.below("sources"))
    kept = operator.deployment.client("sqs").list_queues()["QueueUrls"]
    assert {url.rpartition("/")[2] for url in kept} == {
        resources[name].rpartition("/")[2] for name in ("Buffer", "DeadLetters", "Events")
    }
    tables = operator.deployment.client("dynamodb").list_tables()["TableNames"]
    assert {*tables} == {resources[name] for name in ("Deliveries", "KeptBodies")}


def test_every_command_in_the_text_exists() -> None:
    spoken = set(re.findall(r"`(inlet [a-z][^`]*)`", PAGE))
    assert spoken

    for line in spoken:
        words = [word for word in shlex.split(line)[1:] if word != "…"]
        named = [word for word in words if not word.isupper() and not word.startswith("-")]
        ended = CliRunner().invoke(app, [*named[:2], "--help"])
        assert ended.exit_code == 0, line
        for option in (word for word in words if word.startswith("--")):
            assert option in ended.stdout, line
