"""The tenant of the emulated Adobe, and its behavior where Adobe's is unknown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from adobe_emulator.xdm_schemas import (
    EVENTS_SCHEMA_ID,
    PERMISSIVE_SCHEMA_ID,
    PROFILES_SCHEMA_ID,
    SCHEMAS,
)

PERMISSIVE_DATASET_ID = "65f0c1a2b3d4e5f60718293a"
"""A dataset that takes any object, for tests that post arbitrary bodies."""

DATASET_ID = PERMISSIVE_DATASET_ID

EVENTS_DATASET_ID = "65f0c1a2b3d4e5f6071829e1"
"""A dataset of ExperienceEvents."""

PROFILES_DATASET_ID = "65f0c1a2b3d4e5f6071829f2"
"""A dataset of profile records."""

# Adobe advises to percent-encode the secret; this one must be encoded.
_SECRET = "p8e-made+up/50%&secret="  # noqa: S105 - no real secret


class FailedRecordForm(StrEnum):
    """The known forms of a failed record.

    Sources: a lab of Adobe's on failed ingestion (the third in 2019, the first since), and
    "Retrieving failed batches using the Data Access API" (the second).
    """

    ERRORS = "errors"
    """`_errors._streamingValidation` beside `header` and `body`."""
    VALIDATION_ERRORS = "validation-errors"
    """`_validationErrors` beside `header` and `body`."""
    TEXT = "text"
    """As the first, but each member is a text with JSON in it."""


class Generation(StrEnum):
    """The three known formats of the result of one message of a batch.

    Sources: Adobe's "Send multiple messages" tutorial (2019), issue 62 of Adobe's Kafka connector
    (April 2024), and the test fixtures of that connector (May 2024 and later).
    """

    DOCUMENTED_2019 = "2019"
    OBSERVED_2024 = "2024-04"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Tenant:
    """One organization with one technical account, one sandbox and its datasets.

    Attributes:
        datasets: the id of each dataset (24 hexadecimal digits) with the id of its schema.
        schemas: of the Schema Registry, by `$id`.
        sandbox_type: `development` or `production`.
        tenant_id: custom fields are below it, with an underscore before it.
        other_sandboxes: further sandboxes that are listed, each with its state; nothing is in them.
        custom_namespaces: codes of the identity namespaces that the organization created.
    """

    client_id: str = "4f0e8d7c6b5a49388271605f4e3d2c1b"
    client_secret: str = field(default=_SECRET, repr=False)
    org_id: str = "0A1B2C3D4E5F60718293A4B5@AdobeOrg"
    sandbox: str = "dev"
    scopes: tuple[str, ...] = (
        "openid",
        "AdobeID",
        "read_organizations",
        "additional_info.projectedProductContext",
        "session",
    )
    datasets: Mapping[str, str] = field(
        default_factory=lambda: {
            PERMISSIVE_DATASET_ID: PERMISSIVE_SCHEMA_ID,
            EVENTS_DATASET_ID: EVENTS_SCHEMA_ID,
            PROFILES_DATASET_ID: PROFILES_SCHEMA_ID,
        }
    )
    schemas: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: SCHEMAS)
    sandbox_type: str = "development"
    tenant_id: str = "emulated"
    other_sandboxes: Mapping[str, str] = field(default_factory=dict)
    custom_namespaces: tuple[str, ...] = ("hubspot",)


def schemas_of(tenant: Tenant) -> dict[str, Mapping[str, Any]]:
    """The tenant's schemas, and one without fields for each dataset whose schema is not given."""
    others = set(tenant.datasets.values()) - tenant.schemas.keys()
    permissive = SCHEMAS[PERMISSIVE_SCHEMA_ID]
    without_fields = {each: {**permissive, "$id": each} for each in sorted(others)}
    return {**tenant.schemas, **without_fields}


@dataclass(frozen=True, slots=True)
class Behavior:
    """Configurable behavior.

    Attributes:
        settle: how long a flow loses messages after it was created or changed. Adobe's HTTP API
            tutorial recommends five minutes.
        token_lifetime: lifetime of a token; that of IMS is 86399 seconds.
        generation: the format of the results in a 207.
        accept_bare_xdm: accept XDM without an envelope. One open report says that this works
            (AdobeDocs/experience-platform.en issue 296), no page does: off by default.
        page_size: items in a list if the request has no limit. Small, so that clients page.
        batch_window: the records of a dataset that arrive within it are one batch. A lab of Adobe's
            says every 15 minutes.
        batch_delay: from the end of the window until the batch is complete. Adobe states less than
            60 minutes for the data lake.
        batch_records: a batch with so many records ends before its window.
        separate_failures: the failed records of a window are a batch of their own, with the status
            `failed`. Otherwise they are in the batch of the others, with the status `success`.
        failed_record_form: of the known ones.
        records_per_file: of the files with failed records.
        validates_synchronously: whether `syncValidation` exists, as in the VA7 region only.
    """

    settle: timedelta = timedelta(minutes=5)
    token_lifetime: timedelta = timedelta(seconds=86399)
    generation: Generation = Generation.NEWEST
    accept_bare_xdm: bool = False
    page_size: int = 20
    batch_window: timedelta = timedelta(minutes=15)
    batch_delay: timedelta = timedelta(minutes=5)
    batch_records: int = 10_000
    separate_failures: bool = False
    failed_record_form: FailedRecordForm = FailedRecordForm.ERRORS
    records_per_file: int = 1_000
    validates_synchronously: bool = False
