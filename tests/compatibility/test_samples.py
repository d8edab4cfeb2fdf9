"""Everything that the bridge can store is in the samples of the newest version.

A new member, attribute, parameter or value needs a sample in `tests/compatibility/history`, before
a version with it is released.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any, Final, get_args

import pytest

from bridge.adapters.aws import delivery_items, ingestion_items
from bridge.delivery.body_encoding import Encoding
from bridge.delivery.delivery import BodyKind, Delivery
from bridge.delivery.ingestion import BatchRecord, DatasetProgress, RunState
from bridge.delivery.outcomes import DeadClass
from bridge.delivery.record import OPEN, State
from bridge.names import KINDS, Slot
from bridge.provisioning.chain import record as chain
from bridge.provisioning.chain.journal_entry import CLOSED, JournalEntry
from bridge.sources.connection import Flow
from bridge.sources.route import Route, RouteTarget
from bridge.sources.source import Source
from bridge.verification import schemes
from bridge.verification.jwt_scheme import JwtScheme
from bridge.verification.public_key_scheme import PublicKeyScheme
from bridge.verification.schemes import IamScheme, MacScheme, NoScheme, TokenScheme
from tests.compatibility.snapshots import Snapshot, released

STAGE: Final = "/inlet-bridge/dev"
FAMILIES: Final = (MacScheme, TokenScheme, PublicKeyScheme, JwtScheme, NoScheme, IamScheme)


@pytest.fixture(scope="module")
def newest() -> Snapshot:
    return released()[-1]


@pytest.fixture(scope="module")
def parameters(newest: Snapshot) -> dict[str, str]:
    found = newest.stored["parameters"]
    return {name.removeprefix(f"{STAGE}/"): each["value"] for name, each in found.items()}


@pytest.fixture(scope="module")
def documents(parameters: Mapping[str, str]) -> list[Source]:
    names = (each for each in parameters if re.fullmatch(r"sources/[^/]+", each))
    return [Source.from_document(parameters[name]) for name in names]


def attributes(newest: Snapshot, name: str) -> set[str]:
    """The values of an attribute of the deliveries table."""
    items = newest.stored["deliveries"]
    return {text for item in items if name in item for text in item[name].values()}


def deliveries(newest: Snapshot) -> Iterator[Delivery]:
    for name in ("buffer", "dead_letters"):
        for message in newest.stored[name]:
            try:
                yield Delivery.decode("\n".join(message["text"]))
            except ValueError:
                assert name == "dead_letters"


def test_states_of_deliveries(newest: Snapshot) -> None:
    # No record is new: it is the result of a first claim.
    assert attributes(newest, "state") >= set(State) - {State.NEW}
    waits = {text.partition(" ")[0] for text in attributes(newest, "open_since")}
    assert waits >= set(OPEN)


def test_attributes_of_deliveries(newest: Snapshot) -> None:
    found = {name for item in newest.stored["deliveries"] for name in item}
    written = {
        *("id", "event_type", "flow", "received_at", "kept", "replay", "replayed_at", "state"),
        *("expires_at", "claimed_until", "sending_until", "parts", "reason", "next_attempt_at"),
        *("flow_id", "delivered_at", "xaction_id", "class", "attempts", "died_at"),
        *("failed_at", "failure", "batch"),
    }
    assert found >= written | {*delivery_items.OPEN_KEYS, delivery_items.SENT_KEY}


def test_records_of_batches(newest: Snapshot) -> None:
    kinds: dict[str, set[str]] = {"run": set(), "dataset": set(), "batch": set()}
    for item in newest.stored["deliveries"]:
        if item["source"]["S"].startswith(ingestion_items.BATCHES):
            kinds["batch"] |= item.keys()
        elif item["source"]["S"] == ingestion_items.STATES:
            kinds[item["delivery_id"]["S"].partition("/")[0]] |= item.keys()
    # Which the keys of an item have.
    in_keys = {"dataset_id", "batch_id"}
    for kind, record in (("run", RunState), ("dataset", DatasetProgress), ("batch", BatchRecord)):
        assert kinds[kind] >= {each.name for each in fields(record)} - in_keys, kind


def test_classes_of_dead_letters(newest: Snapshot) -> None:
    letters = [each["attributes"] for each in newest.stored["dead_letters"]]
    assert {each["class"] for each in letters if "class" in each} == set(DeadClass)
    assert {"class", "reason", "attempts", "died_at", "received_at"} <= set().union(*letters)
    assert any("ERROR_CODE" in each for each in letters)


def test_messages_of_the_buffer(newest: Snapshot) -> None:
    found = list(deliveries(newest))
    assert {each.kind for each in found} == set(get_args(BodyKind.__value__))
    # `key` and others are in each message; a sample of an optional member differs from its default.
    # `note` is in no message.
    others = {"headers", "note"}
    rare = {name: each for name, each in defaults(Delivery).items() if name not in others}
    unsampled = {
        f"Delivery.{name}"
        for name, default in rare.items()
        if all(getattr(each, name) == default for each in found)
    }
    assert not unsampled
    assert any(each.headers for each in found)
    heads = "".join(each["text"][0] for each in newest.stored["buffer"])
    heads += "".join(each["text"][0] for each in newest.stored["dead_letters"])
    for encoding in get_args(Encoding.__value__):
        assert f'"encoding":"{encoding}"' in heads


def test_kept_bodies(newest: Snapshot) -> None:
    items = newest.stored["kept_items"]
    assert {"body", "object"} <= set().union(*items)
    assert newest.stored["kept_objects"].keys() == {
        item["object"]["S"] for item in items if "object" in item
    }


def test_parameters_of_chains(parameters: Mapping[str, str]) -> None:
    names = {
        re.sub(r"^connections/[^/]+/(flows/)?(?(1)[^/]+/)", "", each)
        for each in parameters
        if each.startswith("connections/")
    }
    own = {*chain._CONNECTION_VALUES, *chain._FLOW_VALUES}  # noqa: SLF001 - complete.
    ids = {chain.id_parameter(Slot(kind)) for kind in KINDS}
    named = {chain.OWNER, chain.PROPERTIES, chain.JOURNAL, chain.COMPLETE, "generation", "adopted"}
    assert names >= own | ids | named | {"dataset_name", "behavior", "paused"}
    assert any(each.startswith(chain.REPLACED) for each in names)
    assert {each.split("/")[1] for each in names if each.startswith("former/")} >= {
        *("connections", "sourceConnections", "flows")
    }
    journals = [text for name, text in parameters.items() if name.endswith("/journal")]
    assert CLOSED in journals
    assert any(not JournalEntry.from_text(each).is_closed for each in journals)
    owners = {text for name, text in parameters.items() if name.endswith("/owner")}
    assert owners >= {"direct", "retained"}
    assert any(each.startswith("arn:aws:cloudformation:") for each in owners)


def test_other_parameters(parameters: Mapping[str, str]) -> None:
    for pattern in (
        *(r"sources/[^/]+/paused", r"sources/[^/]+/subscription", r"sources/[^/]+/journal"),
        *(r"schemas/[0-9a-f]+/1", r"queues/.+", r"tokens/token", r"tokens/minting"),
        *(r"secrets/captured/.+", r"secrets/subscriptions/.+", r"credentials/.+"),
    ):
        assert any(re.fullmatch(pattern, each) for each in parameters), pattern
    documents = [parameters[each] for each in parameters if re.fullmatch("sources/[^/]+", each)]
    assert {each[:5] == "zlib:" for each in documents} == {True, False}
    pauses = {text for name, text in parameters.items() if name.endswith("/paused")}
    assert "resumed" in pauses
    assert len(pauses) > 1


def test_documents_of_sources(documents: list[Source]) -> None:
    families = {each.scheme.family for each in documents}
    known = {defaults(kind)["family"] for kind in FAMILIES}
    assert families == known
    text = Path(schemes.__file__).read_text("utf-8")
    named = text.partition("type Scheme = ")[2].partition("\n")[0].split(" | ")
    assert set(named) == {kind.__name__ for kind in FAMILIES}
    flows = [flow for each in documents for flow in each.flows.values()]
    routes = [route for each in documents for route in each.routes]
    targets = [target for each in routes for target in each.targets]
    assert any(len(each.targets) > 1 for each in routes)
    samples: dict[type[Any], Sequence[Any]] = {
        Source: documents,
        Flow: flows,
        Route: routes,
        RouteTarget: targets,
    }
    unsampled = {each for kind, some in samples.items() for each in members_of(kind, some)}
    assert not unsampled


def members_of(kind: type[Any], samples: Sequence[Any]) -> Iterator[str]:
    """The members of which all samples have the default."""
    for name, default in defaults(kind).items():
        if {repr(getattr(sample, name)) for sample in samples} == {repr(default)}:
            yield f"{kind.__name__}.{name}"


def defaults(kind: Any) -> dict[str, Any]:
    """The members of a class that have a default, with it."""
    if is_dataclass(kind):
        return {each.name: each.default for each in fields(kind) if each.default is not MISSING}
    named: dict[str, Any] = kind._field_defaults
    return named
