"""Check the format of Adobe's ids, so that a wrong kind of id is named in the error.

Formats from the samples of the Flow Service, Catalog, Data Prep and Schema Registry references.
"""

import re

CONNECTION = "a Flow Service id (UUID)"
DATASET = "a dataset id (24 hex digits)"
MAPPING_SET = "a mapping set id (32 hex digits)"
SCHEMA = "a schema $id (https://ns.adobe.com/{tenant}/schemas/{hash})"

_FORMATS = {
    DATASET: re.compile(r"[0-9a-f]{24}"),
    MAPPING_SET: re.compile(r"[0-9a-f]{32}"),
    SCHEMA: re.compile(r"https://ns\.adobe\.com/[A-Za-z0-9_.-]+/schemas/[A-Za-z0-9_.-]+"),
    "an inlet id (64 hex digits)": re.compile(r"[0-9a-f]{64}"),
    CONNECTION: re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "an inlet URL": re.compile(r"https?://[^/]+/collection/.*"),
    "an organisation id": re.compile(r".*@AdobeOrg"),
    "a schema's meta:altId": re.compile(r"_[A-Za-z0-9]+\.schemas\.[A-Za-z0-9]+"),
    "a dataset reference": re.compile(r"@/dataSets/[0-9a-f]{24}"),
}

_HASH = (
    "; if it is the hash of a schema, write the whole $id, https://ns.adobe.com/TENANT/schemas/HASH"
)


def require_identifier(wanted: str, value: str) -> str:
    """Return the value if it has the wanted format, such as `DATASET`.

    Raises:
        ValueError: it does not; the message names the kind of id that it is, if known.
    """
    if _FORMATS[wanted].fullmatch(value):
        return value
    if _FORMATS[wanted].fullmatch(value.lower()):
        raise ValueError(f"must be {wanted}; write its letters in lower case")
    for kind, pattern in _FORMATS.items():
        if pattern.fullmatch(value):
            hint = _HASH if (wanted, kind) == (SCHEMA, MAPPING_SET) else ""
            raise ValueError(f"must be {wanted}, but this is {kind}{hint}")
    raise ValueError(f"must be {wanted}")
