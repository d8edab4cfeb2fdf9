"""Check the name of a source that an operator gives."""

import shlex
from collections.abc import Collection
from contextlib import suppress
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from bridge.names import NAME
from bridge.spelling import nearest
from inlet_bridge.operations.configuration.connection_names import refuse_connection
from inlet_bridge.operations.configuration.former_sources import refuse_former_source
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.records.table import Records

_MOST_NAMES: Final = 20
_MOST_ADDED: Final = 2
"""Characters by which a name may be longer than one that it contains, to be meant by it."""


def require_source(deployed: Deployed, name: str) -> None:
    """Raise OperationError, with the sources that there are, if none has this name.

    Of one that is deleted, it says so.
    """
    names = deployed.sources
    if name in names:
        return
    listed = ", ".join(names[:_MOST_NAMES]) + (", …" if len(names) > _MOST_NAMES else "")
    close = likely_source(name, names)
    meant = f"; is it {close}?" if close else ""
    there = f"The sources are {listed}." if names else "No source is deployed."
    refuse_connection(deployed, name, there)
    _refuse_delivery(deployed, name)
    if NAME.fullmatch(name):
        refuse_former_source(deployed, name)
    raise OperationError(
        f"there is no source {name} in {deployed.stack}{meant}",
        hint=f"{there} Of a delivery, `inlet why ID` shows what became of it.",
    )


def _refuse_delivery(deployed: Deployed, name: str) -> None:
    """Raise OperationError if what should be the name of a source is the ID of a delivery."""
    if recorded := _sources_of(deployed, name):
        source, shown = recorded[0], shlex.quote(name)
        raise OperationError(
            f"{name} is the ID of a delivery of {source}, and not the name of a source",
            hint=f"`inlet why {shown}` shows what became of it and what to do; `inlet replay"
            f" {source} --id {shown}` sends it again if its body is kept.",
        )


def refuse_other_source(deployed: Deployed, source: str, delivery_id: str) -> None:
    """Raise OperationError if a delivery is recorded of other sources than the given one only."""
    recorded = _sources_of(deployed, delivery_id)
    if recorded and source not in recorded:
        raise OperationError(
            f"{delivery_id} is a delivery of {', '.join(recorded)}, and not of {source}",
            hint=f"Name its source in place of {source}.",
        )


def _sources_of(deployed: Deployed, delivery_id: str) -> list[str]:
    """The sources that have a delivery with this ID; none if the table cannot be read."""
    with suppress(ClientError, BotoCoreError, OperationError):
        found = Records(deployed).find(delivery_id, deployed.sources)
        return list(dict.fromkeys(each.source for each in found))
    return []


def likely_source(name: str, names: Collection[str]) -> str:
    """The source that a misspelled name may mean; empty if none.

    A longer name that contains the given one is another source: `send-github` is not `github`.
    """

    def contains(longer: str, shorter: str) -> bool:
        return shorter in longer and len(longer) - len(shorter) > _MOST_ADDED

    likely = [each for each in names if not contains(each, name) and not contains(name, each)]
    return nearest(name, likely)


def refuse_source(deployed: Deployed, delivery_id: str, way_out: str) -> None:
    """Raise OperationError if what should be the ID of a delivery is the name of a source.

    Args:
        deployed: the stack.
        delivery_id: as given; one that is not found.
        way_out: what to write instead; a sentence.
    """
    if delivery_id in deployed.sources:
        raise OperationError(
            f"{delivery_id} is the name of a source, and not the ID of a delivery", hint=way_out
        )
