"""Print deliveries and rejected requests as they are logged."""

import shlex
import time
from datetime import datetime
from typing import Final

from bridge.strict_json import write_json_text
from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.delivery_documents import logged_json, refusal_json
from inlet_bridge.cli.delivery_tables import state_text
from inlet_bridge.cli.operation_errors import report_operation_errors
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.operations.configuration.known_sources import require_source
from inlet_bridge.operations.delivery.refusal_advice import advice_on
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.logs.deliveries import LoggedDelivery
from inlet_bridge.operations.logs.refusals import Refusal
from inlet_bridge.operations.logs.tail import LogTail

_POLL_SECONDS: Final = 2.0


def follow(source: str, since: datetime | None, stack: str, *, as_json: bool) -> None:
    """Print what is logged of a source, or of all, until Ctrl-C."""
    with report_operation_errors() as screen:
        deployed = Deployed(stack)
        if source:
            require_source(deployed, source)
        deployed.require_deployed()  # Its response has the time of AWS.
        if screen.interactive and not as_json:
            begin = f"since {since:%Y-%m-%d %H:%M:%S} UTC" if since else "from now on"
            what = f"of {source}" if source else "of all sources"
            screen.print(
                Text(
                    f"Waiting for deliveries and rejected requests {what}, {begin}; logs show them"
                    " within seconds. Ctrl-C ends it.",
                    style="dim",
                )
            )
        explained: set[str] = set()
        log = LogTail(deployed, since or deployed.time.now(), deployed.time.now)
        try:
            while True:
                for each in log.new():
                    if source in ("", each.source):
                        _show(each, screen, as_json=as_json)
                        if screen.interactive and isinstance(each, Refusal) and not as_json:
                            _explain(each, screen, explained)
                time.sleep(_POLL_SECONDS)
        except KeyboardInterrupt:
            return


def _explain(refusal: Refusal, screen: Screen, explained: set[str]) -> None:
    """What to do about a rejected request; once for each kind of reason."""
    advice = advice_on(refusal.status, refusal.reason)
    if advice and advice.text not in explained:
        explained.add(advice.text)
        screen.print(Text(f"          {advice.text}", style="yellow"))
        command = f"inlet why {shlex.quote(refusal.request_id)}"
        screen.print(Text(f"          More: {command}; {advice.where}", style="dim"))


def _show(each: LoggedDelivery | Refusal, screen: Screen, *, as_json: bool) -> None:
    if isinstance(each, Refusal):
        document = refusal_json(each)
        state = Text(f"refused {each.status}", style="magenta")
        names = (each.request_id, each.reason)
    else:
        document, state = logged_json(each), state_text(each.state)
        names = (each.delivery_id, each.detail)
    if as_json:
        screen.write(write_json_text(document, ascii_only=True) + "\n")
        return
    parts = [part for name in names if name for part in ("  ", name)]
    at = (f"{each.at:%H:%M:%S}", "dim")
    screen.print(Text.assemble(at, f"  {each.source}  ", state, *parts))
