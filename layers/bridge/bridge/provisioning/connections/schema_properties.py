"""Parse `Schema` of a flow: a schema that is created with it."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final

from pydantic import AfterValidator, BeforeValidator, Field

from bridge.provisioning.chain.custom_fields import require_fields
from bridge.provisioning.chain.desired import Identity, SchemaDesign
from bridge.provisioning.connections.other_names import OF_A_SCHEMA
from bridge.provisioning.property_parsing import Boolean, Properties

_CONTEXT: Final = "https://ns.adobe.com/xdm/context"
_CLASSES: Final[Mapping[str, str]] = {
    "ExperienceEvent": f"{_CONTEXT}/experienceevent",
    "Profile": f"{_CONTEXT}/profile",
}
_ID: Final = re.compile(r"https://ns\.adobe\.com/[A-Za-z0-9_./-]{1,200}")
# Bounds of the bridge.
_MOST_GROUPS: Final = 30
_MOST_IDENTITIES: Final = 10


def _class_id(text: str) -> str:
    if text in _CLASSES:
        return _CLASSES[text]
    if _ID.fullmatch(text):
        return text
    raise ValueError(f"must be {', '.join(_CLASSES)}, or the $id of a class")


def _group_id(text: str) -> str:
    if _ID.fullmatch(text):
        return text
    raise ValueError("must be the $id of a field group, https://ns.adobe.com/…")


def _title(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank")
    return text


def _path(text: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*", text, re.ASCII):
        return text
    raise ValueError("must be the path of a field, such as personalEmail.address")


def _fields(value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError("must be an object of names and types")  # noqa: TRY004 (for pydantic)
    return require_fields(value)


type _GroupId = Annotated[str, AfterValidator(_group_id)]
type _Name = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_title)]


class IdentityProperties(Properties):
    """One entry of `Identities`.

    Attributes:
        field: its path in a message.
        namespace: its code.
    """

    field: Annotated[str, AfterValidator(_path)]
    namespace: Annotated[str, Field(min_length=1, max_length=100)]
    primary: Boolean = False


def _one_primary(identities: tuple[IdentityProperties, ...]) -> tuple[IdentityProperties, ...]:
    if sum(each.primary for each in identities) > 1:
        raise ValueError("takes one with Primary")
    if len({each.field for each in identities}) < len(identities):
        raise ValueError("takes each Field once")
    return identities


class SchemaProperties(Properties):
    """A schema that is created with the flow.

    Attributes:
        name: its title, unique in the sandbox.
        xdm_class: `$id` of its class.
        field_groups: those that exist, by `$id`.
        custom_fields: below the tenant's namespace.
    """

    ELSEWHERE: ClassVar = OF_A_SCHEMA

    name: _Name
    xdm_class: Annotated[str, Field(alias="Class"), AfterValidator(_class_id)] = _CLASSES[
        "ExperienceEvent"
    ]
    field_groups: Annotated[tuple[_GroupId, ...], Field(max_length=_MOST_GROUPS)] = ()
    custom_fields: Annotated[
        Mapping[str, Any], Field(alias="Fields"), BeforeValidator(_fields)
    ] = {}
    identities: Annotated[
        tuple[IdentityProperties, ...],
        Field(max_length=_MOST_IDENTITIES),
        AfterValidator(_one_primary),
    ] = ()

    def design(self) -> SchemaDesign:
        """The schema that the properties describe."""
        return SchemaDesign(
            name=self.name,
            class_id=self.xdm_class,
            field_groups=tuple(dict.fromkeys(self.field_groups)),
            fields=self.custom_fields,
            identities=tuple(
                Identity(each.field, each.namespace, each.primary) for each in self.identities
            ),
        )
