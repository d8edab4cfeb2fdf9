"""Commands of other tools, and what does the same here."""

from shlex import quote
from typing import Any, Final, override

from typer.core import TyperGroup

_PAUSE: Final = "`inlet pause SOURCE` keeps webhooks in the buffer"
_RESUME: Final = "`inlet resume SOURCE` ends a pause"
_RUN: Final = "`inlet up` runs the bridge on this machine"
_RECEIVE: Final = f"{_RUN} and prints the URLs for webhooks; `inlet tail` prints what arrives"
_DEPLOY: Final = "`make deploy` deploys to AWS; while `inlet up` runs, it deploys each edit here"
_END: Final = "Ctrl-C in the terminal of `inlet up` deletes the local cloud"
_ACCOUNT: Final = (
    "AWS_PROFILE and AWS_REGION select the account, and `aws sso login` signs in; `inlet init`"
    " stores the credentials of Adobe"
)
_SEND: Final = "`inlet send PROVIDER EVENT` signs a webhook and sends it"
_LIST: Final = "`inlet deliveries` lists what arrived, with --refused what was rejected"
_EXPLAIN: Final = "`inlet why ID` shows what became of a webhook"
_AGAIN: Final = (
    "`inlet replay SOURCE --id ID` sends a kept webhook again, `inlet dead-letters redrive --id ID`"
    " a dead letter"
)
_STATUS: Final = "`inlet status` lists the connections and sources"
_LIST_ALL: Final = f"{_LIST}; {_STATUS}"
_SHOW: Final = f"{_EXPLAIN}; {_STATUS}"
_ADD: Final = "`inlet add PROVIDER` adds a source to sources.yaml"
_REMOVE: Final = (
    "remove the resource from sources.yaml and deploy the file; `inlet destroy NAME` deletes what"
    " belongs to no stack"
)
_CHECK: Final = (
    "`inlet map SOURCE FILE` checks a source with a sample, `inlet plan` all of the file"
)
_FIELDS: Final = "`inlet schema show CONNECTION/FLOW` lists the fields of a schema"
_REDRIVE: Final = "`inlet dead-letters redrive` moves dead letters back to the buffer"
_DROP_LETTERS: Final = "`inlet dead-letters drop` deletes dead letters"
_REPLAY_FAILED: Final = "`inlet failed replay` sends failed records again"

EQUIVALENTS: Final = {
    **dict.fromkeys(("listen", "tunnel", "forward"), _RECEIVE),
    **dict.fromkeys(("run", "dev", "serve", "local"), _RUN),
    "start": f"{_RUN}; {_RESUME}",
    **dict.fromkeys(("down", "shutdown"), _END),
    "stop": f"{_PAUSE}; {_END}",
    **dict.fromkeys(("unpause", "continue", "enable", "activate"), _RESUME),
    **dict.fromkeys(("disable", "suspend", "halt", "hold", "deactivate"), _PAUSE),
    **dict.fromkeys(("deploy", "publish", "push", "sync"), _DEPLOY),
    **dict.fromkeys(("login", "logout", "auth", "whoami", "configure", "config"), _ACCOUNT),
    **dict.fromkeys(("trigger", "emit", "post", "sign"), _SEND),
    **dict.fromkeys(("logs", "log", "watch"), "`inlet tail` follows the logs of all webhooks"),
    **dict.fromkeys(("list", "ls"), _LIST_ALL),
    **dict.fromkeys(("events", "requests", "webhooks", "history"), _LIST),
    **dict.fromkeys(("get", "show", "inspect", "describe"), _SHOW),
    **dict.fromkeys(("explain", "delivery"), _EXPLAIN),
    **dict.fromkeys(("retry", "resend", "redeliver", "redrive"), _AGAIN),
    **dict.fromkeys(("sources", "source", "connections", "connection", "flows"), _STATUS),
    **dict.fromkeys(("create", "new", "connect", "register", "subscribe"), _ADD),
    **dict.fromkeys(("delete", "remove", "rm", "unsubscribe"), _REMOVE),
    "test": f"{_CHECK}; {_SEND}",
    **dict.fromkeys(("check", "lint", "validate", "transform", "preview"), _CHECK),
    **dict.fromkeys(("dashboard", "ui", "open", "web"), "`inlet console` opens the inspector"),
    **dict.fromkeys(("secrets", "rotate"), "`inlet secret SOURCE` stores or replaces a secret"),
    **dict.fromkeys(("dlq", "dead"), "`inlet dead-letters list` lists dead letters"),
    **dict.fromkeys(("diff", "drift"), "`inlet plan` shows changes, `inlet status` drift"),
    "fields": _FIELDS,
    "version": "`inlet --version` prints it",
    "help": "`inlet --help` lists the commands",
    **dict.fromkeys(("schema list", "schema ls", "schema get", "schema describe"), _FIELDS),
    **dict.fromkeys(
        ("schema create", "schema new", "schema infer", "schema generate"),
        "`inlet schema from SAMPLE` makes a schema of samples",
    ),
    **dict.fromkeys(("dead-letters replay", "dead-letters retry"), _REDRIVE),
    **dict.fromkeys(("dead-letters delete", "dead-letters purge"), _DROP_LETTERS),
    **dict.fromkeys(
        ("dead-letters ls", "dead-letters get"), "`inlet dead-letters list` lists them"
    ),
    **dict.fromkeys(("failed redrive", "failed retry"), _REPLAY_FAILED),
    **dict.fromkeys(("failed delete", "failed purge"), "`inlet failed drop` closes failed records"),
    **dict.fromkeys(("failed ls", "failed get"), "`inlet failed list` lists them"),
}
"""By the words of the command line: what to use in place of a command that does not exist.

Names are those of the CLIs of Stripe, Hookdeck, Svix, ngrok, SAM and of others that were tried.
"""


class CommandGroup(TyperGroup):
    """A group of commands that names its own one in place of one of another tool."""

    @override
    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the arguments begin with. Raises UsageError if there is none."""
        name = args[0]
        words = " ".join([*ctx.command_path.split()[1:], name])
        instead = EQUIVALENTS.get(words) or _of_a_flow(words)
        if name not in self.commands and instead:
            ctx.fail(f"there is no command {name}; {instead}.")
        return super().resolve_command(ctx, args)


def _of_a_flow(words: str) -> str:
    """What lists the fields of a flow that follows `schema` without a command; or empty."""
    group, _, flow = words.partition(" ")
    is_flow = group == "schema" and "/" in flow
    return f"`inlet schema show {quote(flow)}` lists the fields of its schema" if is_flow else ""
