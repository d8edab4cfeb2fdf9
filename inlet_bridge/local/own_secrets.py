"""New secrets for the sources of a file: a new local cloud has none, unlike the stage of AWS."""

from collections.abc import Mapping
from pathlib import Path

from inlet_bridge.operations.errors import OperationError
from inlet_bridge.senders.providers import SENDERS
from inlet_bridge.senders.sender import Sender
from inlet_bridge.template_reading.declared_resources import DeclaredResources


def own_secrets(file: Path, values: Mapping[str, str], prefix: str) -> dict[str, str]:
    """A secret in the provider's form for each name below `{prefix}/secrets/`.

    Args:
        file: such as `sources.yaml`. One that cannot be read has none: its deployment says why.
        values: of its parameters.
        prefix: `/inlet-bridge/{stage}`.

    Returns:
        The secrets by the rest of their names.
    """
    below = f"{prefix}/secrets/"
    found: dict[str, str] = {}
    try:
        sources = DeclaredResources(file, deployed=values)
        for source in sources.all(lenient=True):
            sender = SENDERS.get(str(source.properties.get("Provider", "")), _ANY)
            names = source.properties.get("Secrets", [])
            for name in names if isinstance(names, list) else []:
                if isinstance(name, str) and name.startswith(below):
                    found[name.removeprefix(below)] = sender.stored(sender.new_secret()) or "-"
    except OperationError:
        return found
    return found


def declared_names(file: Path, values: Mapping[str, str]) -> frozenset[str]:
    """The names of the sources of a file; none if it cannot be read. Arguments as above."""
    try:
        sources = DeclaredResources(file, deployed=values).all(lenient=True)
    except OperationError:
        return frozenset()
    return frozenset(str(each.properties.get("Name", "")) for each in sources)


_ANY = Sender(lambda _: {})
