"""The connections and sources of a template such as sources.yaml."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from inlet_bridge.template_reading.errors import ResourceError, UnknownValueError
from inlet_bridge.template_reading.intrinsics import Resolver
from inlet_bridge.template_reading.no_template import no_object
from inlet_bridge.template_reading.parameter_values import parameter_values
from inlet_bridge.template_reading.resource import Kind, Resource
from inlet_bridge.template_reading.resource_attributes import check_attributes
from inlet_bridge.template_reading.resource_depths import check_depths
from inlet_bridge.template_reading.resource_types import check_type
from inlet_bridge.template_reading.service_properties import FOR_CLOUDFORMATION, check_values
from inlet_bridge.template_reading.template_rules import check_rules
from inlet_bridge.template_reading.unknown_resource import unknown_resource
from inlet_bridge.template_reading.yaml_document import Document, Position
from inlet_bridge.template_reading.yaml_reader import read_document

KINDS: Final[Mapping[str, Kind]] = {
    "Custom::StreamingConnection": "connection",
    "Custom::WebhookSource": "source",
}


class DeclaredResources:
    """The connections and sources of one file. Every method raises ResourceError."""

    def __init__(
        self,
        file: Path,
        given: Mapping[str, str] | None = None,
        deployed: Mapping[str, str] | None = None,
        *,
        text: str | None = None,
    ) -> None:
        """Read the file.

        Args:
            file: a template.
            given: values of its parameters.
            deployed: the values of its stack, and pseudo parameters.
            text: what is read instead of the file.
        """
        self.document: Document = read_document(file, text)
        values = parameter_values(self.document, given or {}, deployed or {})
        self._resolver = Resolver(self.document, values, self._attribute)
        self._kinds: dict[str, Kind] = {}  # Conditions are read before it is known.
        self._kinds = dict(self._declared())
        for each in self._kinds:
            check_values(self.document, each, self._resolver)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of its parameters."""
        given = self.document.content.get("Parameters")
        return tuple(given) if isinstance(given, dict) else ()

    def parameter(self, name: str) -> str:
        """The value of a parameter that is one text; empty if it is not known."""
        value = self._resolver.parameters.get(name)
        return value if isinstance(value, str) else ""

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """What there is by logical ID, connections first: sources refer to them."""
        ordered = sorted(self._kinds, key=lambda each: self._kinds[each] == "source")
        return {each: self._kinds[each] for each in ordered}

    def all(self, *, lenient: bool = False) -> list[Resource]:
        """All of them, connections first."""
        return [self.resource(each, lenient=lenient) for each in self.kinds]

    def find(self, name: str) -> Resource:
        """The one with this logical ID, or else with this `Name`."""
        if name in self._kinds:
            return self.resource(name)
        found = [each for each in self._kinds if self._name(each) == name]
        if len(found) > 1:
            raise ResourceError(
                f"{self.document.file} has several resources with the Name {name}",
                hint=f"Name one by its logical ID: {', '.join(found)}.",
            )
        if not found:
            raise self._unknown(name, "connection or source", self._kinds)
        return self.resource(found[0])

    def check_names(self) -> None:
        """Raise ResourceError if two connections, or two sources, have one `Name`."""
        seen: dict[tuple[str, str], str] = {}
        for each, kind in self.kinds.items():
            name = self._name(each)
            first = seen.setdefault((kind, name), each)
            if name and first != each:
                raise self._same_name(each, name, first)

    def source(self, name: str, without: frozenset[str] = frozenset()) -> Resource:
        """The source with this `Name` or logical ID, without some of its properties."""
        sources = [each for each, kind in self._kinds.items() if kind == "source"]
        named = [each for each in sources if self._name(each) == name]
        if len(named) > 1:
            raise self._same_name(named[1], name, named[0])
        if named:
            return self.resource(named[0], without)
        if name in sources:
            return self.resource(name, without)
        raise self._unknown(name, "source", sources)

    def connection(self, name: str) -> Resource | None:
        """The connection with this `Name`, or None. Values that are not known yet are empty."""
        for each, kind in self._kinds.items():
            if kind == "connection" and self._name(each) == name:
                return self.resource(each, lenient=True)
        return None

    def connection_names(self) -> list[str]:
        """The `Name` of each connection, as far as it is known."""
        return [self._name(each) for each, kind in self._kinds.items() if kind == "connection"]

    def known(self, resource: Resource, name: str) -> str | None:
        """The text of a property; empty if it is not known yet, None if the resource has none."""
        return self._known(resource.logical_id, name)

    def _known(self, logical_id: str, name: str) -> str | None:
        properties = self.document.content["Resources"][logical_id].get("Properties", {})
        if name not in properties:
            return None
        at = ("Resources", logical_id, "Properties", name)
        # A recipe's source, say, refers to a connection that another template has.
        excerpt = "connection" not in self._kinds.values()
        resolver = replace(self._resolver, lenient=True, excerpt=excerpt)
        try:
            if not isinstance(resolver.resolve(properties[name], at).value, str):
                return ""
            return str(replace(resolver, lenient=False).resolve(properties[name], at).value)
        except UnknownValueError:
            return ""  # The text around it alone would be another one.
        except RecursionError:
            where = f"{self.document.file}:{self.document.line(at)}"
            raise ResourceError(f"{where}: {name} of {logical_id} refers to itself") from None

    def resource(
        self, logical_id: str, without: frozenset[str] = frozenset(), *, lenient: bool = False
    ) -> Resource:
        """One by its logical ID."""
        at = ("Resources", logical_id, "Properties")
        given = self.document.content["Resources"][logical_id].get("Properties", {})
        left_out = without.union(FOR_CLOUDFORMATION)
        kept = {name: each for name, each in given.items() if name not in left_out}
        resolved = replace(self._resolver, lenient=lenient, excerpt=lenient).resolve(kept, at)
        lines = {  # Without what YAML read: some are secrets, which no error quotes.
            steps[len(at) :]: Position(position.line)
            for steps, position in self.document.positions.items()
            if steps[: len(at)] == at and steps != at
        }
        if written := self.document.positions.get((*at, "Connection")):
            lines["Connection",] = written
        return Resource(
            self.document.file,
            logical_id,
            self._kinds[logical_id],
            resolved.value if isinstance(resolved.value, dict) else {},  # Not of a function.
            lines | resolved.positions,
        )

    def _declared(self) -> Iterator[tuple[str, Kind]]:
        resources = self.document.content["Resources"]
        if not isinstance(resources, dict):
            raise no_object(self.document)
        check_depths(self.document)
        for logical_id, resource in resources.items():
            check_type(self.document, logical_id, resource, KINDS)
        check_rules(self.document)
        for logical_id, resource in resources.items():
            # A function such as Fn::Transform, which expands to resources, has none.
            kind = KINDS.get(resource.get("Type", "")) if isinstance(resource, dict) else None
            if kind is None:
                continue
            check_attributes(self.document, logical_id, resource)
            condition = resource.get("Condition")
            if condition is None or self._resolver.is_true(condition):
                yield logical_id, kind

    def _name(self, logical_id: str) -> str:
        """The `Name` of a resource; empty if it has none that is known."""
        return self._known(logical_id, "Name") or ""

    def _attribute(self, target: str, attribute: str) -> str | None:
        kind = self._kinds.get(target)
        if kind and attribute == "Name":
            return self._name(target) or None
        if kind == "source" and attribute == "Path" and self._name(target):
            return f"/webhooks/{self._name(target)}"
        return None

    def _same_name(self, logical_id: str, name: str, first: str) -> ResourceError:
        line = self.document.line(("Resources", logical_id, "Properties", "Name"))
        return ResourceError(
            f"{self.document.file}:{line}: Name: {logical_id} has the Name {name} of {first}",
            hint=f"Give each {self._kinds[logical_id]} a Name of its own.",
        )

    def _unknown(self, name: str, what: str, among: Collection[str]) -> ResourceError:
        return unknown_resource(
            self.document, name, what, {each: self._name(each) for each in among}
        )
