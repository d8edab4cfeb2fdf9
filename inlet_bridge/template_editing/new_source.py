"""Write a source as a resource of the file."""

import json
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import yaml

from bridge.verification.catalogue import PRESETS
from bridge.verification.schemes import NoScheme
from bridge.verification.verify import needs_secrets
from inlet_bridge.template_editing.document import CONNECTION, SOURCE, Resource, SourcesFile

DEFAULT_MAP: Final = """\
# The fields that every ExperienceEvent schema has; add those of yours: docs/mapping.md.
Routes:
  - Flow: {flow}
    Map:
      eventType: "join('.', [source, default(event_type, 'webhook')])"
      producedBy: "'system'"
"""
"""The routes of a source without a recipe."""

_SERVICE: Final = '{Fn::ImportValue: !Sub "inlet-bridge-${Stage}-ServiceToken"}'
# Seconds that CloudFormation waits: more than the time-out of the provisioner, as in template.yaml.
_TIMEOUT: Final = 900
_PLAIN: Final = re.compile(r"[A-Za-z/][A-Za-z0-9_./@-]*")


@dataclass(frozen=True, slots=True)
class NewSource:
    """A source to be added.

    Attributes:
        connection: YAML that refers to the connection's name.
        constants: of the preset, by name.
        token_header: with the token, for a preset that leaves it to the user; or empty.
        allowed_cidrs: networks that requests may come from.
        subscription: the properties of the webhook that the bridge registers; empty for none.
            `{stage}` in its credential is the stage.
        routes: YAML of properties such as `Routes`.
        comments: lines above the resource, each with its `#`.
    """

    name: str
    provider: str
    connection: str
    constants: Mapping[str, str]
    token_header: str
    allowed_cidrs: tuple[str, ...]
    subscription: Mapping[str, Any]
    routes: str
    comments: str

    @property
    def captures(self) -> bool:
        """Whether the provider sends its secret in its first request."""
        return any(each.capture for each in PRESETS[self.provider].handshakes)

    @property
    def secret(self) -> str:
        """The path of its secret below `/inlet-bridge/{stage}/`; empty if it has none to store."""
        if self.subscription or not needs_secrets(PRESETS[self.provider].scheme):
            return ""
        return f"secrets/captured/{self.name}" if self.captures else f"secrets/{self.name}"

    @property
    def path_token(self) -> str:
        """The path of the token at the end of its URL below the same; empty without one."""
        return f"secrets/{self.name}-path" if self.captures and self.secret else ""

    def text(self, file: SourcesFile, stage: str) -> str:
        """The resource for a file, without indentation."""
        properties = "".join(f"{line}\n" for line in self._properties(file, stage))
        body = f"Type: {SOURCE}\nProperties:\n" + textwrap.indent(properties + self.routes, "  ")
        logical_id = _free_id(self.name, {each.logical_id for each in file.resources})
        return f"{self.comments}{logical_id}:\n" + textwrap.indent(body, "  ")

    def _properties(self, file: SourcesFile, stage: str) -> Iterator[str]:
        yield f"ServiceToken: {_service_token(file)}"
        yield f"ServiceTimeout: {_TIMEOUT}"
        yield f"Name: {scalar(self.name)}"
        yield f"Provider: {scalar(self.provider)}"
        yield from self._scheme()

        def reference(path: str) -> str:
            if "Stage" in file.parameters:
                return f'!Sub "/inlet-bridge/${{Stage}}/{path}"'
            return f"/inlet-bridge/{stage}/{path}"

        if self.secret:
            yield f"Secrets: [{reference(self.secret)}]"
        if self.path_token:
            yield "Registration: pending"
            yield f"PathTokens: [{reference(self.path_token)}]"
        if self.subscription:
            yield from self._subscription(reference)
        yield f"Connection: {self.connection}"
        if "KeepBodies" in file.parameters:
            yield "KeepBodies: !Ref KeepBodies"

    def _scheme(self) -> Iterator[str]:
        if isinstance(PRESETS[self.provider].scheme, NoScheme):
            yield "Verification: none"
        if self.constants:
            values = ", ".join(f"{name}: {quoted(text)}" for name, text in self.constants.items())
            yield f"Constants: {{{values}}}"
        if self.token_header:
            yield f"Scheme: {{From: {quoted(f'header:{self.token_header}')}}}"
        if self.allowed_cidrs:
            yield f"AllowedCidrs: [{', '.join(map(quoted, self.allowed_cidrs))}]"

    def _subscription(self, reference: Callable[[str], str]) -> Iterator[str]:
        yield "Subscription:"
        for name, value in self.subscription.items():
            if name == "Credential":
                yield f"  Credential: {reference(value)}"
            elif isinstance(value, str):
                yield f"  {name}: {scalar(value)}"
            else:
                yield f"  {name}: [{', '.join(map(scalar, value))}]"


def scalar(text: str) -> str:
    """YAML of a text: plain where that is the same text."""
    is_plain = _PLAIN.fullmatch(text) and yaml.safe_load(text) == text
    return text if is_plain else quoted(text)


def quoted(text: str) -> str:
    """YAML of a text in quotation marks, which are those of JSON."""
    return json.dumps(text, ensure_ascii=False)


def _service_token(file: SourcesFile) -> str:
    """That of the resources which the file has, as it is written there."""
    for resource in (*file.of_type(SOURCE)[::-1], *file.of_type(CONNECTION)):
        text = source_text(file, resource, "ServiceToken")
        if text:
            return text
    return _SERVICE


def source_text(file: SourcesFile, resource: Resource, name: str) -> str:
    """A property as the file has it; empty if it is missing or takes several lines."""
    node = resource.property(name)
    if node is None:
        return ""
    text = file.text[node.start_mark.index : node.end_mark.index].strip()
    if text.startswith("&"):
        return f"*{text[1:].split()[0]}"  # Defined once, so this one refers to it.
    return text if "\n" not in text else ""


def _free_id(name: str, taken: set[str]) -> str:
    """A logical id that no resource has."""
    base = "".join(part.capitalize() for part in name.split("-")) + "Source"
    return next(
        each
        for each in (base, *(f"{base}{number}" for number in range(2, len(taken) + 3)))
        if each not in taken
    )
