"""Compare the schemas that a run creates or changes with what the sandbox has, before it does."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bridge.errors import AdobeError, InvalidPropertyError
from bridge.messages.declared_namespaces import unknown_namespace
from bridge.ports.adobe import IdentityNamespaces, SchemaLibrary
from bridge.provisioning.chain.custom_fields import field_at
from bridge.provisioning.chain.desired import DesiredChain, DesiredFlow, SchemaDesign
from bridge.provisioning.chain.plan import Step
from bridge.telemetry import logger

_KINDS = ("schemas", "fieldgroups")
_IDENTITY_MAP = "https://ns.adobe.com/xdm/context/identitymap"


@dataclass(frozen=True, slots=True)
class Designs:
    """Checks what Adobe would reject halfway."""

    library: SchemaLibrary
    namespaces: IdentityNamespaces

    def require(self, desired: DesiredChain, steps: Sequence[Step]) -> None:
        """Check the schemas that the steps create or change.

        Raises:
            InvalidPropertyError: a class, field group, field or namespace does not exist or fit.
            AdobeError: Adobe does not respond, or does not show a class or field group.
        """
        changing = {
            step.slot.flow
            for step in steps
            if step.slot.kind in _KINDS and step.action not in ("nothing", "delete")
        }
        for index, flow in enumerate(desired.flows):
            if flow.schema and flow.name in changing:
                self._check(f"Flows.{index}", flow, flow.schema)

    def _check(self, path: str, flow: DesiredFlow, design: SchemaDesign) -> None:
        found = self.library.component("classes", design.class_id)
        if found is None:
            raise InvalidPropertyError(
                f"{path}.Schema.Class", f"the Schema Registry has no class {design.class_id}"
            )
        parts = [found]
        for index, each in enumerate(design.field_groups):
            at = f"{path}.Schema.FieldGroups.{index}"
            group = self.library.component("fieldgroups", each)
            if group is None:
                raise InvalidPropertyError(at, f"the Schema Registry has no field group {each}")
            classes = group.get("meta:intendedToExtend") or ()
            if classes and not {design.class_id, *_ancestors(found)} & set(classes):
                raise InvalidPropertyError(
                    at, f"field group {each} is not for the class {design.class_id}"
                )
            parts.append(group)
        self._check_identities(f"{path}.Schema.Identities", design, parts)
        has_map = any("identityMap" in (part.get("properties") or {}) for part in parts)
        has_primary = any(each.primary for each in design.identities)
        if flow.dataset and flow.dataset.profile and not (has_map or has_primary):
            raise InvalidPropertyError(
                f"{path}.Dataset.Profile",
                "needs a primary identity: set Primary of one of Schema.Identities, or add the "
                f"field group {_IDENTITY_MAP}",
            )

    def _check_identities(
        self, path: str, design: SchemaDesign, parts: Sequence[Mapping[str, Any]]
    ) -> None:
        codes = self._codes() if design.identities else ()
        for index, each in enumerate(design.identities):
            first, *rest = each.path.split(".")
            is_text = any(_type_at(part, [first, *rest]) == "string" for part in parts)
            if first.startswith("_") and first == f"_{self.library.tenant()}":
                is_text = is_text or field_at(design.fields, rest) == "string"
            if not is_text:
                raise InvalidPropertyError(
                    f"{path}.{index}.Field",
                    f"the schema has no text field {each.path}; custom fields are below "
                    f"_{self.library.tenant()}",
                )
            if codes and each.namespace not in codes:
                reason = _unlike(each.namespace, codes)
                raise InvalidPropertyError(f"{path}.{index}.Namespace", reason)

    def _codes(self) -> Collection[str]:
        """The namespaces; none if Adobe does not show them, since it checks them itself."""
        try:
            return self.namespaces.codes()
        except AdobeError as exc:
            if exc.retryable:
                raise
            logger.warning("namespaces cannot be read", extra={"reason": str(exc)})
            return ()


def _unlike(namespace: str, codes: Collection[str]) -> str:
    """Say that the sandbox has no such namespace, and which one may be meant."""
    if spelling := next((each for each in codes if each.lower() == namespace.lower()), ""):
        return f"the sandbox spells this namespace {spelling}"
    text = unknown_namespace(namespace, tuple(sorted(codes)))
    return f"{text} Otherwise create it" if text.endswith("?") else f"{text}; create it"


def _ancestors(component: Mapping[str, Any]) -> Iterator[str]:
    extends = component.get("meta:extends")
    yield from (each for each in extends if isinstance(each, str)) if extends else ()


def _type_at(schema: Mapping[str, Any], path: Sequence[str]) -> Any:
    found: Any = schema
    for name in path:
        properties = found.get("properties") if isinstance(found, Mapping) else None
        found = properties.get(name) if isinstance(properties, Mapping) else None
    return found.get("type") if isinstance(found, Mapping) else None
