"""Refuse empty values in the command line, such as those of a variable that is not set.

An empty name would select everything, or be searched for in vain.
"""

from collections.abc import Callable
from typing import Any, Final

import typer

_GIVEN: Final = "COMMANDLINE"


def refuse_empty_values(command: Any) -> None:
    """Make each parameter of a command, or of a group's, refuse an empty value."""
    for each in getattr(command, "commands", {}).values():
        refuse_empty_values(each)
    for parameter in getattr(command, "params", ()):
        if not hasattr(parameter.process_value, "refuses_empty"):
            parameter.process_value = _checked(parameter, parameter.process_value)


def _checked(parameter: Any, process: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def checked(ctx: Any, value: Any) -> Any:
        source = ctx.get_parameter_source(parameter.name)
        given = value if isinstance(value, tuple | list) else (value,)
        if source is not None and source.name == _GIVEN and any(_is_empty(each) for each in given):
            way = "give a value" if parameter.required else "give a value, or leave it out"
            raise typer.BadParameter(f"is empty; {way}", ctx=ctx, param=parameter)
        return process(ctx, value)

    checked.refuses_empty = True  # type: ignore[attr-defined]  # Groups share commands.
    return checked


def _is_empty(value: Any) -> bool:
    return isinstance(value, str) and not value.strip()
