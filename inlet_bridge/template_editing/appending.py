"""Append a resource to the text of a file; everything else of it stays as it is."""

from collections.abc import Iterator
from typing import Final

import yaml

from inlet_bridge.template_editing.document import CONNECTION, SOURCE, SourcesFile
from inlet_bridge.template_reading.errors import ResourceError

_INDENT: Final = "  "


def appended(file: SourcesFile, resource: str) -> SourcesFile:
    """The file with a resource after its last sender of webhooks, or else its connection.

    Comments that are indented as deeply as the properties of the resource before it stay with
    that; other comments after it follow the new one.

    Args:
        file: to edit.
        resource: a block of YAML that begins with the logical id, without indentation.

    Raises:
        ResourceError: the file is written in a way that cannot be appended to.
    """
    node = file.resources_node
    if isinstance(node, yaml.MappingNode) and node.flow_style:
        raise ResourceError(
            f"{file.path}: Resources must be a block, not {{…}}, so that a resource can be added"
        )
    if not isinstance(node, yaml.MappingNode) and file.value(node):
        raise ResourceError(f"{file.path}: Resources must have resources by their logical ids")
    index, indent = _place(file)
    newline = "\r\n" if file.text.count("\r\n") * 2 > file.text.count("\n") else "\n"
    lines = [f"{indent}{line}" if line else "" for line in resource.splitlines()]
    if _has_blank_lines(file):
        lines.insert(0, "")
    block = "".join(f"{line}{newline}" for line in lines)
    before, after = file.text[:index], file.text[index:]
    if before and not before.endswith("\n"):
        before += newline
    edited = SourcesFile(file.path, before + block + after)
    _check(file, edited)
    return edited


def _place(file: SourcesFile) -> tuple[int, str]:
    """Where a resource is inserted, and the indentation of logical ids."""
    sources = file.of_type(SOURCE)
    senders = [each for each in sources if file.value(each.property("Verification")) != "iam"]
    anchor = (senders or sources or file.of_type(CONNECTION) or file.resources)[-1:]
    if not anchor:
        [key] = [
            key
            for key, _ in file.root.value
            if isinstance(key, yaml.ScalarNode) and key.value == "Resources"
        ]
        return _line_end(file.text, key.end_mark.index), _INDENT
    column = anchor[0].key.start_mark.column
    end = _line_end(file.text, content_end(file.text, anchor[0].node))
    return _after_comments(file.text, end, column), " " * column


def content_end(text: str, node: yaml.Node) -> int:
    """The index after the last character of a node's content."""
    last = node
    while isinstance(last, yaml.CollectionNode) and not last.flow_style and last.value:
        item = last.value[-1]
        last = item[1] if isinstance(item, tuple) else item
    if last.end_mark.index < node.start_mark.index:
        # An alias: its node is where its anchor is. A block ends where the next content begins.
        return _without_comments(text, node.end_mark.index)
    end = int(last.end_mark.index)
    if isinstance(last, yaml.ScalarNode) and last.style in {"|", ">"}:
        header = text[last.start_mark.index : end].partition("\n")[0].partition("#")[0]
        # With +, the line breaks at its end belong to its value.
        return end if "+" in header else len(text[:end].rstrip())
    return end


def _without_comments(text: str, end: int) -> int:
    """The index after the content before an index, without blank lines and lines of comments."""
    lines = text[:end].splitlines(keepends=True)
    while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        lines.pop()
    return len("".join(lines).rstrip())


def _line_end(text: str, index: int) -> int:
    found = text.find("\n", index)
    return len(text) if found < 0 else found + 1


def _after_comments(text: str, index: int, column: int) -> int:
    """The index after the comments that are indented more deeply than a column."""
    end = position = index
    for line in text[index:].splitlines(keepends=True):
        content = line.strip()
        position += len(line)
        if content.startswith("#") and len(line) - len(line.lstrip(" ")) > column:
            end = position
        elif content:
            break
    return end


def _has_blank_lines(file: SourcesFile) -> bool:
    """Whether the file separates its resources by blank lines."""
    lines = file.text.splitlines()
    return any(
        not _line_above(lines, each.key.start_mark.line).strip() for each in file.resources[1:]
    )


def _line_above(lines: list[str], number: int) -> str:
    """The line above a resource and its comments."""
    number -= 1
    while number > 0 and lines[number].lstrip().startswith("#"):
        number -= 1
    return lines[number]


def _check(before: SourcesFile, after: SourcesFile) -> None:
    """Whether everything that the file had still means the same. Raises ResourceError."""
    try:
        old, new = (list(_events(each.text)) for each in (before, after))
        added = len(new) - len(old)
        common = next(
            (number for number, (a, b) in enumerate(zip(old, new, strict=False)) if a != b),
            len(old),
        )
        kept = old[:common] + old[common:] == new[:common] + new[common + added :]
        is_one_more = len(after.resources) == len(before.resources) + 1
    except (yaml.YAMLError, ResourceError) as exc:
        raise _unsuitable(before) from exc
    if not is_one_more or not (kept or not before.resources):
        raise _unsuitable(before)


def _unsuitable(file: SourcesFile) -> ResourceError:
    return ResourceError(
        f"{file.path} is written in a way that cannot be edited without a change of its meaning;"
        " add the resource by hand"
    )


def _events(text: str) -> Iterator[tuple[object, ...]]:
    """What a parser sees, without positions and styles."""
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        yield (
            type(event).__name__,
            getattr(event, "anchor", None),
            getattr(event, "tag", None),
            getattr(event, "value", None),
        )
