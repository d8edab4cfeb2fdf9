"""Check a deployment and its AWS account."""

from typing import Final

from inlet_bridge.cli.operation_errors import report_operation_errors
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.operations.account_checks import AccountChecks, AccountFinding, Status
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.provisioner import Provisioner

_MARKS: Final = {
    Status.OK: ("✓", "green"),
    Status.ADVICE: ("!", "yellow"),
    Status.FAILED: ("✗", "red"),
    Status.UNCHECKED: ("-", "dim"),
}


def doctor(stack: str) -> bool:
    """Print each check, with advice if there is any; return whether none failed.

    The account first: without concurrency, the provisioner does not respond.
    """
    with report_operation_errors() as screen:
        deployed = Deployed(stack)
        passed = True
        for found in AccountChecks(deployed.parameters, deployed.client).examine():
            screen.print(*doctor_lines(found))
            passed = passed and found.status is not Status.FAILED
        for each in Provisioner(deployed).ask({"action": "doctor"})["findings"]:
            status = Status.OK if each["ok"] else Status.FAILED
            screen.print(*doctor_lines(AccountFinding(each["check"], status, each["advice"])))
            passed = passed and each["ok"]
        return passed


def doctor_lines(found: AccountFinding) -> list[Text]:
    """A check, and the advice if there is any."""
    mark = Text.assemble(_MARKS[found.status], f" {found.check}")
    style = "dim" if found.status is Status.UNCHECKED else "yellow"
    return [mark, *([Text(f"  {found.advice}", style=style)] if found.advice else [])]
