"""Read and change the sections of a stage in `samconfig.toml`; everything else stays.

A stage has two sections, of the bridge and of its sources.
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import tomlkit
from tomlkit.exceptions import TOMLKitError

from inlet_bridge.initialization.errors import InitializationError

_NAME: Final = "samconfig.toml"
_MOST_BYTES: Final = 1_000_000
_OVERRIDES: Final = "parameter_overrides"
# A parameter as SAM reads it: a value with spaces is within quotation marks.
_OVERRIDE: Final = re.compile(r'(?<!\S)([A-Za-z0-9]+)=("(?:[^"\\]|\\.)*"|\S*)')
# Of the AWS CLI, and a reference to a file.
_OTHER_FORM: Final = re.compile(r"ParameterKey=|(?<!\S)file://")
_PLAIN: Final = re.compile(r"[A-Za-z0-9_.:/@+-]+")


@dataclass(frozen=True, slots=True)
class SamConfig:
    """The text of the file; empty for one that does not exist."""

    text: str

    def parameters(self, section: str) -> dict[str, str]:
        """The parameters of a section's stack. Raises InitializationError."""
        given = self._section(_document(self.text), section).get(_OVERRIDES, "")
        _require_pairs(section, given)
        return {name: _unquoted(text) for name, text in _OVERRIDE.findall(_text(given))}

    def region(self, section: str) -> str:
        """The region of a section; empty if it has none. Raises InitializationError."""
        return str(self._section(_document(self.text), section).get("region", ""))

    def with_section(
        self,
        section: str,
        settings: Mapping[str, str],
        new: Mapping[str, Any],
        parameters: Mapping[str, str],
    ) -> "SamConfig":
        """The file with changed settings and parameters of a section.

        Args:
            section: its name, such as `dev`.
            settings: texts that are set.
            new: what a section gets that does not exist yet.
            parameters: those of the stack that are set; others stay.

        Raises:
            InitializationError: the file cannot be changed.
        """
        document = _document(self.text)
        if not document:
            document.add("version", tomlkit.item(0.1))
        table = _table(_table(_table(document, section), "deploy"), "parameters")
        if not table:
            for name, value in new.items():
                table.add(name, value)
        for name, value in settings.items():
            table[name] = value
        given = table.get(_OVERRIDES, "")
        _require_pairs(section, given)
        if isinstance(given, list):
            _override_list(given, parameters)
        else:
            table[_OVERRIDES] = _overridden(str(given), parameters)
        text = tomlkit.dumps(document)
        return SamConfig(text.replace("\r\n", "\n").replace("\n", _newline(self.text)))

    @staticmethod
    def _section(document: Mapping[str, Any], section: str) -> Mapping[str, Any]:
        found: Any = document
        for name in (section, "deploy", "parameters"):
            found = found.get(name, {})
            if not isinstance(found, Mapping):
                raise InitializationError(f"{_NAME}: {section}.deploy.parameters must be a table")
        return dict(found)


def read_config(path: Path) -> SamConfig:
    """The file of a path, which may not exist. Raises InitializationError."""
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        return SamConfig("")
    except OSError as exc:
        raise InitializationError(f"{path} cannot be read: {exc.strerror}") from None
    if len(content) > _MOST_BYTES:
        raise InitializationError(f"{path} is over 1 MB")
    try:
        config = SamConfig(content.decode("utf-8"))
        if config.text.startswith("\ufeff"):
            raise InitializationError(f"{path} begins with a byte order mark, which SAM rejects")
    except UnicodeDecodeError:
        raise InitializationError(f"{path} is not UTF-8") from None
    _document(config.text)
    return config


def _document(text: str) -> tomlkit.TOMLDocument:
    """The document of a text. Raises InitializationError."""
    try:
        return tomlkit.parse(text)
    except (TOMLKitError, RecursionError) as exc:
        raise InitializationError(f"{_NAME} is not TOML: {exc}") from exc


def _table(parent: Any, name: str) -> Any:
    """A table below another one, which is added if it does not exist."""
    found = parent.get(name)
    if found is None:
        parent.add(name, tomlkit.table(is_super_table=name != "parameters"))
        found = parent[name]
    if not isinstance(found, Mapping):
        raise InitializationError(f"{_NAME}: {name} must be a table")
    return found


def _require_pairs(section: str, given: Any) -> None:
    """Raise InitializationError for a text in which SAM ignores NAME=VALUE, and for other values.

    SAM reads each text of a list on its own, and of one text the parameters in one form only.
    """
    if isinstance(given, list) or (isinstance(given, str) and not _OTHER_FORM.search(given)):
        return
    raise InitializationError(
        f"{_NAME}: {_OVERRIDES} of {section} must be pairs such as Stage=dev, without ParameterKey"
        " and files"
    )


def _overridden(given: str, parameters: Mapping[str, str]) -> str:
    """Overrides as a text, in which some are replaced and new ones are at the end."""
    missing = dict(parameters)

    def replaced(found: re.Match[str]) -> str:
        name = found[1]
        return f"{name}={_quoted(missing.pop(name))}" if name in missing else found[0]

    text = _OVERRIDE.sub(replaced, given)
    return " ".join(
        filter(None, (text, *(f"{name}={_quoted(value)}" for name, value in missing.items())))
    )


def _override_list(given: list[Any], parameters: Mapping[str, str]) -> None:
    """Replace the overrides of a list, which keeps its comments, or append them."""
    names = [str(each).partition("=")[0] for each in given]
    for name, value in parameters.items():
        if name in names:
            given[names.index(name)] = f"{name}={value}"
        else:
            given.append(f"{name}={value}")


def _text(given: Any) -> str:
    return " ".join(map(str, given)) if isinstance(given, list) else str(given)


def _quoted(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else f'"{value}"'


def _unquoted(value: str) -> str:
    return value[1:-1] if value.startswith('"') and value.endswith('"') else value


def _newline(text: str) -> str:
    return "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"
