"""Options that a command does not have, and what to write in their place."""

from collections.abc import Collection
from typing import Any, Final

_CONFIRMING: Final = frozenset({"--yes", "-y", "--force", "-f"})
_FOLLOWED: Final = "`inlet tail` follows what is logged."
_INSTEAD: Final = (
    ("--stage", "--stack", "Name the stack: --stack inlet-bridge-STAGE."),
    ("--stack", "--stage", "Name the stage: --stage STAGE, which is what follows inlet-bridge-."),
    ("--source", "source", "Write the name of the source without --source."),
    ("--connection", "connection", "Write the name of the connection without --connection."),
    ("--id", "delivery_id", "Write the ID without --id."),
    ("--name", "name", "Write the name without --name."),
    *(
        (each, "--body", "Name the file with --body.")
        for each in ("--file", "--data", "--data-binary", "--payload", "--sample", "-d")
    ),
    *(
        (each, "--secret-file", "Name a file that has the secret: --secret-file FILE.")
        for each in ("--secret", "--value", "--key", "--token", "--password")
    ),
    ("--url", "--to", "Name the URL with --to."),
    ("--follow", "--since", _FOLLOWED),
    ("--event", "event", "Write the event without --event."),
    ("--provider", "provider", "Write the provider without --provider."),
)
"""The option, a parameter that the command has, and the sentence."""
_OF_COMMANDS: Final = {
    **{("tail", each): f"It follows the logs: leave {each} out." for each in ("-f", "--follow")},
    ("add", "--dry-run"): "`inlet providers PROVIDER` prints a source; `inlet plan` shows what the"
    " deployment of a file changes.",
    ("add", "--connection"): "Name the connection and its flow: --flow CONNECTION/FLOW.",
    **{
        ("pause", each): f"A pause lasts until `inlet resume`: leave {each} out."
        for each in ("--for", "--until", "--duration", "--minutes")
    },
    **{
        ("deliveries", each): f"--limit says how many: write --limit in place of {each}."
        for each in ("-n", "--count", "--number", "--max", "--lines")
    },
    **{("deliveries", each): _FOLLOWED for each in ("-f", "--tail")},
    **{
        ("tail", each): "`inlet tail` shows all outcomes; `inlet deliveries --state STATE` lists"
        " those of one state."
        for each in ("--state", "--status", "--refused")
    },
    ("deliveries", "--provider"): "Write the name of a source without --provider; `inlet status`"
    " lists the sources.",
    ("deliveries", "--id"): "`inlet why ID` shows one delivery.",
    **{
        ("send", each): f"It sends one webhook: leave {each} out, and repeat the command."
        for each in ("-n", "--count", "--number", "--repeat")
    },
    ("send", "--id"): "`inlet replay SOURCE --id ID` sends a kept webhook again.",
    ("audit", "--source"): "It counts all sources, each by itself: leave --source out.",
    ("plan", "--dry-run"): "`inlet plan` changes nothing: leave --dry-run out.",
    ("apply", "--dry-run"): "`inlet plan` shows the changes, and makes none.",
    **{
        (command, "--all"): f"`inlet {command} --connection NAME` takes all sources of a"
        " connection."
        for command in ("pause", "resume")
    },
    ("replay", "--all"): "Without a selection, it sends all: leave --all out.",
    ("replay", "--connection"): "It takes one source, without --connection.",
    ("replay", "--to"): "`inlet replay SOURCE --id ID --to CONNECTION/FLOW` sends a kept webhook to"
    " another flow.",
    **{
        ("status", each): f"Without an argument, it shows all sources: leave {each} out."
        for each in ("--source", "--sources")
    },
    **{
        ("cost", each): f"Write --per-month in place of {each}."
        for each in ("--webhooks", "--events", "--requests", "--month", "-n")
    },
    ("map", "--connection"): "The Connection of the source in the file applies: leave"
    " --connection out.",
    ("map", "--offline"): "Without a deployment it reads the file alone: leave --offline out.",
    **{
        ("map", each): f"Write the file without {each}."
        for each in ("--body", "--data", "--payload", "--sample", "-d")
    },
}
"""By the command and the option."""
_ACCOUNT: Final = frozenset({"--profile", "--region"})


def instead_of_option(option: str, command: Any) -> str:
    """A sentence; empty if nothing is known.

    Args:
        option: that the command does not have, as written.
        command: has the parameters.
    """
    options = {name for each in command.params for name in each.opts}
    arguments = {each.name for each in command.params if each.param_type_name == "argument"}
    if option in options:
        return ""
    if sentence := _OF_COMMANDS.get((command.name, option)):
        return sentence
    names = options | arguments
    for other, there, sentence in _INSTEAD:
        if option == other and there in names:
            return sentence
    if option in _CONFIRMING:
        return _instead_of_confirming(option, names)
    if option in _ACCOUNT:
        return "AWS_PROFILE and AWS_REGION select the account and its region."
    return ""


def _instead_of_confirming(option: str, names: Collection[str]) -> str:
    """A sentence about an option that confirms with other tools, or names a file: `-f`."""
    if option == "-f" and "--file" in names:
        return "Write --file FILE." + (" To confirm, write --yes." if "--yes" in names else "")
    return "Write --yes." if "--yes" in names else f"It asks nothing: leave {option} out."
