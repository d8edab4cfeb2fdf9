"""Find the fields of the technical account in the JSON files that hold them.

Besides the bridge's own form these are the files that the Developer Console offers:

- "Download" of a project: `project.workspace.details.credentials`, as shown for `aio` in
  https://developer.adobe.com/commerce/extensibility/events/api/ (`workspace_configuration`);
- "Download JSON" of an OAuth Server-to-Server credential: `CLIENT_ID`, `CLIENT_SECRETS`, `ORG_ID`,
  `SCOPES` (upper case: not documented, read from files of users);
- "Download for Postman": the same as `values`, with `API_KEY`, `CLIENT_SECRET` and `IMS_ORG`.

Names may also be spelled `clientId` and `client-id`, and the files of `aepp` have `secret` for
`client_secret`. None of them has the sandbox, which is added as `sandbox`.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

_NAMES: Final = {
    "client_id": ("client_id", "api_key"),
    "client_secret": ("client_secret", "client_secrets", "secret"),
    "org_id": ("org_id", "ims_org_id", "ims_org"),
    "scopes": ("scopes", "scope"),
    "sandbox": ("sandbox", "sandbox_name"),
}
_OAUTH: Final = "oauth_server_to_server"
_IN_PROJECT: Final = f"project.workspace.details.credentials[].{_OAUTH}"


class Field(NamedTuple):
    """A field of the technical account.

    Attributes:
        name: as the file has it, or should have it.
        value: of any type; None if it is missing.
    """

    name: str
    value: Any


def fields_of(document: Mapping[str, Any]) -> dict[str, Field]:
    """The fields by the names of the bridge's own form; each may be missing.

    Of several OAuth Server-to-Server credentials the first counts, or the one whose `client_id` is
    added to the file; of several secrets the first.
    """
    if "project" in document:
        return _of_project(document)
    members = _of_postman(document["values"]) if "values" in document else {}
    return {name: _field(name, {**members, **document}) for name in _NAMES}


def _of_project(document: Mapping[str, Any]) -> dict[str, Field]:
    """The fields of a project's download; what is added beside `project` comes first."""
    project = document["project"]
    added = {name: _field(name, document) for name in _NAMES}
    wanted = added["client_id"].value
    accounts = list(_accounts(project))
    chosen = [each for each in accounts if wanted in (None, each.get("client_id"))]
    account = chosen[0] if chosen else {}
    found = {
        name: Field(f"{_IN_PROJECT}.{field.name}", field.value)
        for name in ("client_id", "client_secret", "scopes")
        for field in (_field(name, account, plural=True),)
    }
    organization = _at(project, "org")
    org_id = organization.get("ims_org_id") if isinstance(organization, Mapping) else None
    found["org_id"] = Field("project.org.ims_org_id", org_id)
    return {
        name: added[name] if added[name].value is not None else found.get(name, added[name])
        for name in _NAMES
    }


def _accounts(project: Any) -> Iterator[Mapping[str, Any]]:
    """The OAuth Server-to-Server credentials of a project."""
    credentials = _at(project, "workspace", "details", "credentials")
    for credential in credentials if isinstance(credentials, list) else ():
        account = _at(credential, _OAUTH)
        if isinstance(account, Mapping):
            yield account


def _of_postman(values: Any) -> dict[str, Any]:
    return {
        item["key"]: item.get("value")
        for item in (values if isinstance(values, list) else ())
        if isinstance(item, Mapping) and isinstance(item.get("key"), str)
    }


def _field(name: str, members: Mapping[str, Any], *, plural: bool = False) -> Field:
    """The first member that has one of the field's names, in any spelling."""
    spellings = [each for known in _NAMES[name] for each in (known, known.upper())]
    spellings += [
        each
        for known in _NAMES[name]
        for each in members
        if each not in spellings and _letters(each) == _letters(known)
    ]
    for spelling in spellings:
        value = members.get(spelling)
        if value is not None and value != []:
            is_list = name == "client_secret" and isinstance(value, list)
            return Field(spelling, value[0] if is_list else value)
    is_upper = any(each.isupper() for each in members)
    expected = _NAMES[name][1] if name == "client_secret" and (plural or is_upper) else name
    return Field(expected.upper() if is_upper else expected, None)


def _letters(name: str) -> str:
    """A name without its spelling: `client_id`, `clientId` and `client-id` are the same."""
    return name.replace("_", "").replace("-", "").lower()


def _at(value: Any, *path: str) -> Any:
    """A nested member, or None if part of its path is missing."""
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value
