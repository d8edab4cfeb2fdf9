"""What arrives in the data lake: a record on its way into a dataset, and why it fails."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from adobe_emulator.entity_check import EntityCheck, Violation, pointer
from adobe_emulator.strict_json import parse


@dataclass(frozen=True)
class Arrival:
    """One record. Its content is read when it is first asked for, not when it arrives.

    Attributes:
        dataset_id: the dataset that it is meant for.
        received_ms: when it arrived, in milliseconds since 1970.
        content: the message as it was sent.
        check: the validation by the schema of its arrival; None if nothing is validated (raw).
        flow_id: its flow; empty for records of other producers.
        added: what the inlet adds to the header; empty for records without a header.
        is_enveloped: the content has `header` and `body`.
        fault: why it fails whatever it contains.
    """

    dataset_id: str
    received_ms: int
    content: bytes
    check: EntityCheck | None
    flow_id: str = ""
    added: Mapping[str, Any] = field(default_factory=dict)
    is_enveloped: bool = True
    fault: str = ""

    @cached_property
    def failures(self) -> tuple[Violation, ...]:
        """Why it does not reach the dataset; empty if it does."""
        if self.fault:
            return (Violation((), (), "", self.fault),)
        if self.check is None or self.check.allows_anything:
            return ()
        return self.check.violations(self.entity)

    @property
    def is_ingested(self) -> bool:
        """Whether it reaches the dataset."""
        return not self.failures

    @property
    def reason(self) -> str:
        """The first failure in one line; empty if there is none."""
        if not self.failures:
            return ""
        first = self.failures[0]
        return f"{pointer(first.path)}: {first.message}" if first.keyword else first.message

    @property
    def entity(self) -> Any:
        """The XDM entity, or the whole content of a record without an envelope."""
        document = parse(self.content)
        return document["body"]["xdmEntity"] if self.is_enveloped else document
