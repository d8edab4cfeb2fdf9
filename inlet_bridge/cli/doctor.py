"""Check a deployment and its AWS account."""

from collections.abc import Iterator
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from inlet_bridge.cli.operation_errors import report_operation_errors
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.operations.account.checks import AccountChecks, AccountFinding, Status
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.provisioner import Provisioner
from inlet_bridge.operations.unreachable import explained
from inlet_bridge.plain_text import plain_json

_MARKS: Final = {
    Status.OK: ("✓", "green"),
    Status.ADVICE: ("!", "yellow"),
    Status.FAILED: ("✗", "red"),
    Status.UNCHECKED: ("-", "dim"),
}


def doctor(stack: str, *, as_json: bool) -> bool:
    """Print each check, with advice if there is any; return whether none failed.

    The account first: without concurrency, the provisioner does not respond.
    """
    with report_operation_errors() as screen:
        documents = []
        passed = True
        for found in _findings(Deployed(stack)):
            documents.append(_document(found))
            if not as_json:
                screen.print(*doctor_lines(found))
            passed = passed and found.status is not Status.FAILED
        if as_json:
            screen.write(plain_json({"checks": documents}) + "\n")
        return passed


def _findings(deployed: Deployed) -> Iterator[AccountFinding]:
    account = AccountChecks(deployed.parameters, deployed.client, lambda: deployed.event_queues)
    yield from account.examine()
    try:
        findings = Provisioner(deployed).ask({"action": "doctor"})["findings"]
    except (OperationError, ClientError, BotoCoreError) as exc:
        reason = explained(exc)
        yield AccountFinding("the provisioner runs its checks", Status.FAILED, reason)
        return
    for each in findings:
        status = Status.OK if each["ok"] else Status.FAILED
        yield AccountFinding(each["check"], status, each["advice"])


def _document(found: AccountFinding) -> dict[str, str]:
    return {"check": found.check, "status": found.status.name.lower(), "advice": found.advice}


def doctor_lines(found: AccountFinding) -> list[Text]:
    """A check, and the advice if there is any."""
    mark = Text.assemble(_MARKS[found.status], f" {found.check}")
    style = "dim" if found.status is Status.UNCHECKED else "yellow"
    return [mark, *([Text(f"  {found.advice}", style=style)] if found.advice else [])]
