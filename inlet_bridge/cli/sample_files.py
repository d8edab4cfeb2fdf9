"""Say what to write in place of a sample file that does not exist."""

from collections.abc import Iterable
from pathlib import Path
from shlex import quote
from typing import Final

import typer

from inlet_bridge.plain_text import plain

_STANDARD_INPUT: Final = "-"
_WAY_OUT: Final = (
    "save the body of a webhook there, as the provider's list of deliveries shows it, or as"
    " `inlet recipes PROVIDER --sample EVENT` prints one"
)


def existing_samples(files: list[Path]) -> list[Path]:
    """The callback of arguments that name samples. Raises BadParameter."""
    if list(map(str, files)).count(_STANDARD_INPUT) > 1:
        raise _error("- is standard input, which is read once")
    for file in files:
        _check(file)
    return files


def existing_sample(file: Path | None) -> Path | None:
    """The callback of an option that names a sample. Raises BadParameter."""
    if file is not None:
        _check(file)
    return file


def samples_of_a_source(context: typer.Context, files: list[Path] | None) -> list[Path]:
    """The callback of arguments that follow the name of a source. Raises BadParameter."""
    source = context.params.get("source", "")
    if files and not (_is_file(source) and not _is_file(files[0])):
        return existing_samples(files)
    if _is_file(source):
        name = quote(str(files[0])) if files else "SOURCE"
        others = map(quote, map(str, files[1:])) if files else ()
        command = " ".join(["inlet map", name, quote(source), *others])
        raise _error(f"{source} is a file; the source is named before it: {command}")
    missing = f"a sample is missing: inlet map {quote(source)} FILE"
    raise _error(f"{missing}; {_WAY_OUT}. - in place of FILE is standard input")


def _check(file: Path) -> None:
    from bridge.spelling import nearest  # noqa: PLC0415 (only then)

    if str(file) == _STANDARD_INPUT:
        return
    if file.is_dir():
        raise _error(f"{file} is a folder; name a file in it")
    if not file.exists():
        close = nearest(file.name, list(_names_in(file.parent)))
        way = f"is it {file.with_name(close)}?" if close else _WAY_OUT
        raise _error(f"there is no file {file}; {way}")


def _error(text: str) -> typer.BadParameter:
    """An error with names of files, in one line."""
    return typer.BadParameter(plain(text))


def _names_in(folder: Path) -> Iterable[str]:
    try:
        return [each.name for each in folder.iterdir() if each.is_file()]
    except OSError:
        return []


def _is_file(name: object) -> bool:
    return bool(name) and Path(str(name)).is_file()
