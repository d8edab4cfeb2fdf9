"""What the value of a property must be, as an example of it."""

from typing import Final

_ENTRIES: Final = {
    "Routes": ("Flow: events", "Flow: events, Map: {…}"),
    "Targets": ("Flow: events", "Flow: events, Map: {…}"),
    "Flows": ("Name: events", "Name: events, DatasetId: …, SchemaId: …"),
    "Identities": ("Namespace: Email", "Field: _tenant.email, Namespace: Email"),
}
"""By the name of a list of objects: the first line of an entry, and a whole one."""
FORMS: Final = {
    ("dict_type", "Identity"): "must be an object, such as {Email: lower(body.email)}",
    ("model_type", "Dataset"): (
        "must be an object, such as {Name: Orders}; DatasetId has the ID of a dataset that exists"
    ),
    ("model_type", "Schema"): (
        "must be an object, such as {Name: Orders, Fields: {total: number}}; SchemaId has the $id"
        " of a schema that exists"
    ),
    ("literal_error", "Verification"): (
        "must be 'none' or 'iam', for what is not signed; a signature is verified by Provider, such"
        " as Provider: github, or by Scheme, and Verification is left out"
    ),
    ("model_type", "Privacy"): (
        "must be an object of Drop, Mask and Hash, such as {Mask: [customer.email]}, with paths in"
        " the body"
    ),
    ("missing", "Flows"): "is required, such as [{Name: events, DatasetId: …, SchemaId: …}]",
    ("string_type", "Identity"): "must be a text, such as lower(body.email)",
    ("string_type", "Otherwise"): "must be one word: drop, dead-letter or the name of a flow",
    ("string_type", "When"): "must be a text, such as \"event_type == 'order.paid'\"",
    **{
        ("tuple_type", name): (
            "must be a list; the first line of each entry begins with a dash and a space, as in -"
            f" {first}, and in one line it is [{{{entry}}}]"
        )
        for name, (first, entry) in _ENTRIES.items()
    },
    **{
        ("model_type", name): f"must be an object, such as {{{entry}}}"
        for name, (_, entry) in _ENTRIES.items()
    },
}
"""By the kind of an error and the name of a property: what it must be."""
