"""The subjects of the benchmarks: the bridge's functions and reference implementations."""

from dataclasses import dataclass

from benchmarks.artifacts import Bytecode

TABLE_MS = 7
"""About what a write to DynamoDB takes in its region."""
INLET_MS = 20
"""About what a POST to a server of the same continent takes."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One handler.

    Attributes:
        handler: its module; the function is `lambda_handler`.
        folders: below the artifacts, before the layers on the import path.
        source: the source of its webhooks.
        slow_table: whether DynamoDB responds after TABLE_MS.
    """

    name: str
    handler: str
    folders: tuple[str, ...] = ("References",)
    bytecode: Bytecode = Bytecode.UNCHECKED
    source: str = "open"
    slow_table: bool = False


def _reference(name: str, module: str, bytecode: Bytecode = Bytecode.UNCHECKED) -> Subject:
    return Subject(name, f"benchmarks.references.{module}", bytecode=bytecode)


NULL = _reference("null", "null")
NAIVE = _reference("naive", "naive")
NAIVE_AGAIN = _reference("naive again", "naive")
"""The control: differences from `naive` are noise."""
NAIVE_DISTANT = Subject(
    f"naive, {INLET_MS} ms of the inlet", "benchmarks.references.naive", source="distant"
)
NAIVE_SOURCES = _reference("naive, sources only", "naive", Bytecode.NONE)
LEAN = _reference("lean", "lean")
IDIOMATIC = _reference("idiomatic", "idiomatic")
IDIOMATIC_ONCE = _reference("idiomatic, once only", "idempotent")
IDIOMATIC_SOURCES = _reference("idiomatic, sources only", "idiomatic", Bytecode.NONE)
IDIOMATIC_ONCE_SOURCES = _reference(
    "idiomatic, once only, sources only", "idempotent", Bytecode.NONE
)
NAIVE_BATCH = _reference("naive batch", "naive_batch")
LEAN_BATCH = _reference("lean batch", "lean_batch")

_RECEIVER = "functions.receiver.handler"
RECEIVER = Subject("receiver", _RECEIVER, ("ReceiverFunction",))
RECEIVER_SHIPPED = Subject(
    "receiver, as shipped", _RECEIVER, ("ReceiverFunction",), Bytecode.SHIPPED
)
RECEIVER_TOKEN = Subject(
    "receiver, inlet with a token", _RECEIVER, ("ReceiverFunction",), source="authenticated"
)
RECEIVER_SLOW_TABLE = Subject(
    f"receiver, {TABLE_MS} ms of the table", _RECEIVER, ("ReceiverFunction",), slow_table=True
)
RECEIVER_DISTANT = Subject(
    f"receiver, {TABLE_MS} ms of the table, {INLET_MS} of the inlet",
    _RECEIVER,
    ("ReceiverFunction",),
    source="distant",
    slow_table=True,
)
RECEIVER_NOT_ONCE = Subject(
    "receiver, once-only off",
    "benchmarks.references.without_once_only",
    ("ReceiverFunction", "References"),
)

FORWARDER = Subject("forwarder", "functions.forwarder.handler", ("ForwarderFunction",))
FORWARDER_NO_RECORDS = Subject(
    "forwarder, no records",
    "benchmarks.references.without_records",
    ("ForwarderFunction", "References"),
)

COLD = (
    NULL,
    LEAN,
    NAIVE,
    NAIVE_AGAIN,
    NAIVE_SOURCES,
    IDIOMATIC,
    IDIOMATIC_ONCE,
    IDIOMATIC_SOURCES,
    IDIOMATIC_ONCE_SOURCES,
    RECEIVER,
    RECEIVER_SHIPPED,
    RECEIVER_NOT_ONCE,
    RECEIVER_TOKEN,
)
WARM = (
    NULL,
    LEAN,
    NAIVE,
    NAIVE_AGAIN,
    IDIOMATIC,
    IDIOMATIC_ONCE,
    RECEIVER,
    RECEIVER_SLOW_TABLE,
    NAIVE_DISTANT,
    RECEIVER_DISTANT,
    RECEIVER_NOT_ONCE,
    RECEIVER_TOKEN,
)
BACK_TO_BACK = (NAIVE, NAIVE_DISTANT, RECEIVER_NOT_ONCE, RECEIVER, RECEIVER_SLOW_TABLE)
BATCHES = (NULL, LEAN_BATCH, NAIVE_BATCH, FORWARDER, FORWARDER_NO_RECORDS)
PROFILED = (LEAN, RECEIVER_NOT_ONCE, RECEIVER, RECEIVER_TOKEN, NAIVE, IDIOMATIC_ONCE)
