"""Ask for the parameters of sources.yaml that have no value, for `make deploy GUIDED=1`.

`sam deploy --guided` shows no descriptions, asks for every parameter and accepts what the template
does not. The answers are written to the section of the stage in samconfig.toml.
"""

import re
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from inlet_bridge.resources.yaml_document import read_text

_ROOT = Path(__file__).resolve().parents[1]


class GuideError(Exception):
    """A question cannot be asked or its answer cannot be stored."""


def missing(template: str, config: str, section: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The parameters without a value, with their entries in the template.

    Raises:
        GuideError: samconfig.toml has no such section.
    """
    parameters: Mapping[str, Any] = read_text(template, Path("sources.yaml")).content["Parameters"]
    try:
        deploy = tomllib.loads(config)[section]["deploy"]["parameters"]
    except KeyError:
        raise GuideError(f"samconfig.toml has no section {section}; copy that of dev") from None
    given = {word.partition("=")[0] for word in str(deploy["parameter_overrides"]).split()}
    for name, parameter in parameters.items():
        if "Default" not in parameter and name not in given:
            yield name, parameter


def ask(name: str, parameter: Mapping[str, str], read: Callable[[str], str]) -> str:
    """An answer that the parameter allows; repeats the question until there is one."""
    print(f"\n{parameter['Description']}")
    while True:
        answer = read(f"{name}: ").strip()
        if any(sign in answer for sign in "\"'\\ "):
            print("must not contain spaces or quotes")
        elif re.fullmatch(parameter.get("AllowedPattern", ".+"), answer):
            return answer
        else:
            print(parameter.get("ConstraintDescription", "is required"))


def with_values(config: str, section: str, values: Mapping[str, str]) -> str:
    """The text of samconfig.toml with more overrides in a section; everything else stays."""
    added = "".join(f" {name}={value}" for name, value in values.items())
    line = re.compile(
        rf"(^\[{re.escape(section)}\.deploy\.parameters\]\n"
        r'(?:(?!\[).*\n)*?parameter_overrides = "[^"]*)',
        re.MULTILINE,
    )
    return line.sub(lambda found: found[1] + added, config, count=1)


def main(stage: str, root: Path = _ROOT, read: Callable[[str], str] = input) -> int:
    """Ask, and return the exit status."""
    path, section = root / "samconfig.toml", f"{stage}-sources"
    config = path.read_text(encoding="utf-8")
    template = (root / "sources.yaml").read_text(encoding="utf-8")
    try:
        questions = missing(template, config, section)
        values = {name: ask(name, parameter, read) for name, parameter in questions}
    except GuideError as exc:
        print(exc, file=sys.stderr)
        return 1
    except (EOFError, KeyboardInterrupt):
        print("\nNothing was written or deployed.", file=sys.stderr)
        return 1
    path.write_text(with_values(config, section, values), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
