"""Secrets for the sources of a file: a new local cloud has none, unlike the stage of AWS."""

from collections.abc import Collection, Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from bridge.spelling import nearest
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.senders.providers import SENDERS
from inlet_bridge.senders.sender import Sender
from inlet_bridge.template_reading.declared_resources import DeclaredResources

_ANY = Sender(lambda _: {})
_FOLDER = "secrets"
# Of the template as it is shipped, whose webhooks the demonstration sends.
_DEMONSTRATED = "github"
# What Parameter Store takes at most (AWS Systems Manager, "Managing parameter tiers").
_MOST_BYTES = 8_192
_SIMILARITY = 0.8


class OwnSecrets(NamedTuple):
    """The secrets of a file's sources.

    Attributes:
        values: by the part of their names after `/inlet-bridge/{stage}/secrets/`.
        files: those that are in a file of the user, by the same names.
        likely: names of other files that new ones may mean, by the same names.
    """

    values: Mapping[str, str]
    files: Mapping[str, Path]
    likely: Mapping[str, str] = {}

    def sentences(self) -> list[str]:
        """Which secrets are new: a sender outside of the local cloud has to get them."""
        kept = sorted(self.files)
        new = sorted(set(self.values) - set(kept) - {_DEMONSTRATED})
        found = [f"The secret of {name} is that of secrets/{name}.txt." for name in kept]
        return found + [
            f"The secret of {name} is new; a file secrets/{name}.txt would keep it."
            + (
                f" Is it {close}, of secrets/{close}.txt?"
                if (close := self.likely.get(name))
                else ""
            )
            for name in new
        ]


def own_secrets(file: Path, values: Mapping[str, str], prefix: str) -> OwnSecrets:
    """A secret for each name below `{prefix}/secrets/`: the user's, or a new one.

    That of `linear` is the user's if the file `secrets/linear.txt` stands beside the template, so
    that a sender outside of the local cloud has the same after each start. New ones have the
    provider's form.

    Args:
        file: such as `sources.yaml`. One that cannot be read has none: its deployment says why.
        values: of its parameters.
        prefix: `/inlet-bridge/{stage}`.
    """
    below = f"{prefix}/secrets/"
    secrets: dict[str, str] = {}
    files: dict[str, Path] = {}
    try:
        sources = DeclaredResources(file, deployed=values)
        for source in sources.all(lenient=True):
            sender = SENDERS.get(str(source.properties.get("Provider", "")), _ANY)
            names = source.properties.get("Secrets", [])
            for full in names if isinstance(names, list) else []:
                if isinstance(full, str) and full.startswith(below):
                    name = full.removeprefix(below)
                    stored = file.parent / _FOLDER / f"{name}.txt"
                    if given := _read(stored, name):
                        files[name] = stored
                    secrets[name] = given or sender.stored(sender.new_secret()) or "-"
    except OperationError:
        pass
    return OwnSecrets(secrets, files, _likely(file.parent / _FOLDER, secrets.keys() - files))


def declared_names(file: Path, values: Mapping[str, str]) -> frozenset[str]:
    """The names of the sources of a file; none if it cannot be read. Arguments as above."""
    try:
        sources = DeclaredResources(file, deployed=values).all(lenient=True)
    except OperationError:
        return frozenset()
    return frozenset(str(each.properties.get("Name", "")) for each in sources)


def _likely(folder: Path, new: Collection[str]) -> dict[str, str]:
    """The names of files that misspelled names of secrets may mean."""
    try:
        known = sorted({each.stem for each in folder.glob("*.txt")})
    except OSError:
        return {}
    found = {name: nearest(name, known, similarity=_SIMILARITY) for name in sorted(new)}
    return {name: close for name, close in found.items() if close}


def _read(path: Path, name: str) -> str:
    """The secret in a file, without the line break at its end; empty if there is none."""
    if ".." in PurePosixPath(name).parts:
        return ""
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig").rstrip("\r\n")
    except (OSError, ValueError):
        return ""
    return text if len(content) <= _MOST_BYTES else ""
