"""Name the values of arguments and options in the help, instead of Python's types."""

from typing import Any, Final

from typer.core import TyperArgument

_NUMBERS: Final = (int, float)


def name_values(command: Any) -> None:
    """Give each parameter of a command, or of a group's, a name such as FILE, N or TIME."""
    for each in getattr(command, "commands", {}).values():
        name_values(each)
    for parameter in getattr(command, "params", ()):
        if isinstance(parameter, TyperArgument):
            parameter.metavar = parameter.metavar or str(parameter.name).upper()
            # Typer appends the type to the name.
            parameter.display_type_rich = _nothing  # type: ignore[method-assign]  # Rich prints its result.
        elif parameter.metavar is None and not getattr(parameter, "is_flag", False):
            parameter.metavar = _name(parameter)


def _name(option: Any) -> str:
    described = option.type_descriptor
    if described.is_choice:
        return "|".join(str(getattr(each, "value", each)) for each in described.choices or ())
    if described.is_datetime:
        return "TIME"
    if described.is_path:
        return "FILE"
    if described.is_ranged or described.annotation in _NUMBERS:
        return "N"
    return str(option.opts[0]).lstrip("-").rpartition("-")[2].upper()


def _nothing(ctx: Any) -> None:
    """Show no type."""
