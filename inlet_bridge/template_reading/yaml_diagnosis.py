"""Explain what YAML's parser rejects: the line, the likely cause and the way out.

The parser reports where it could not go on, in words of its grammar. An open quote, a missing
space or a wrong indentation is often in a line above.
"""

import re
from typing import Final

import yaml
from yaml.reader import ReaderError

from inlet_bridge.template_reading.odd_characters import odd_character
from inlet_bridge.template_reading.yaml_indentation import dash, indentation
from inlet_bridge.template_reading.yaml_lines import Diagnosis, line_before
from inlet_bridge.template_reading.yaml_tags import tag_fault
from inlet_bridge.template_reading.yaml_tokens import tokens_before
from inlet_bridge.template_reading.yaml_traps import QUOTES, inner_value, nested_field, quoted_value

_NO_SPACE: Final = re.compile(r"""(?:- +)*([\w.$-]+):([^\s:"'].*)""")
_CONFLICT: Final = re.compile(r"<{7}|={7}|>{7}")
_NAME_AND_VALUE: Final = re.compile(r"(?:- +)*([\w.$-]+): +(\S.*)")
_DASHES: Final = re.compile(r"(?:- +)+")
_GOT: Final = re.compile(r"but (?:got|found) '(.+)'")
_NAME: Final = re.compile(r"""[ -]*["']?[\w.$-]*["']? *""")
_CLOSING: Final = {"{": "}", "[": "]"}


def diagnosis(text: str, exc: yaml.YAMLError) -> Diagnosis:
    """What is wrong with a file that cannot be parsed.

    Args:
        text: of the file.
        exc: of YAML's parser.
    """
    if isinstance(exc, ReaderError):
        line = text.count("\n", 0, exc.position) + 1
        character = f"the control character U+{ord(text[exc.position]):04X}"
        return Diagnosis(line, f"it has {character}", "Remove the character.")
    if not isinstance(exc, yaml.MarkedYAMLError):
        return Diagnosis(1, f"it is not YAML: {exc}", "")
    return _Parsed(text, exc).diagnosis()


class _Parsed:
    """An error of the parser, with what it had read.

    Attributes:
        index: of the line at which the parser gave up, from 0.
        begin: of the line at which the value, list or object begins.
    """

    def __init__(self, text: str, exc: yaml.MarkedYAMLError) -> None:
        self.text = text
        self.lines = text.splitlines() or [""]
        self.problem = exc.problem or exc.context or "it is not YAML"
        self.context = exc.context or ""
        mark = exc.problem_mark or exc.context_mark
        last = len(self.lines) - 1
        self.index = min(mark.line, last) if mark else 0
        self.column = mark.column if mark else 0
        self.position = mark.index if mark else 0
        self.begin = min(exc.context_mark.line, last) if exc.context_mark else self.index
        self.begin_position = exc.context_mark.index if exc.context_mark else self.position
        self._last_quoted, self._opened = tokens_before(text, self.position)

    def diagnosis(self) -> Diagnosis:
        """The most likely cause."""
        return (
            self._characters()
            or self._tag()
            or self._quote()
            or self._colon()
            or self._bracket()
            or self._block()
            or self._value()
        )

    def _here(self, index: int) -> str:
        return self.lines[index].strip()

    def _characters(self) -> Diagnosis | None:
        """What an editor shows as a space or a line of another program."""
        if "\\t" in self.problem:
            within = self.lines[self.index][: self.column].strip()
            way = "Replace it with a space." if within else "Indent with spaces, not with tabs."
            return Diagnosis(self.index + 1, "it has a tab where YAML accepts only spaces", way)
        for index in sorted({self.begin, max(self.index - 1, 0), self.index}):
            if _CONFLICT.match(self._here(index)):
                return Diagnosis(
                    index + 1,
                    "it is the mark of a merge conflict",
                    "Keep one of the two versions, and remove the lines with <<<<<<<, ======= and"
                    " >>>>>>>.",
                )
            if found := odd_character(self.lines[index]):
                return Diagnosis(index + 1, *found)
        if "another document" in self.problem:
            return Diagnosis(
                self.index + 1,
                "a second document begins here",
                "Remove the line; a template is one document.",
            )
        return None

    def _tag(self) -> Diagnosis | None:
        found = tag_fault(self.context, self.text[self.begin_position : self.position + 1])
        return Diagnosis(self.index + 1, *found) if found else None

    def _quote(self) -> Diagnosis | None:
        if self.context.startswith("while scanning a quoted scalar") or "escape" in self.problem:
            return self._open_quote(self.begin, self.text[self.begin_position])
        token = self._last_quoted
        if token is None:
            return None
        begin, end = token.start_mark, token.end_mark
        if begin.line < end.line == self.index:
            return self._open_quote(begin.line, self.text[begin.index])
        if end.line != self.index or self.text[end.index : self.position].strip():
            return None
        if "'<scalar>'" not in self.problem or self.context.startswith("while parsing a flow"):
            return None
        return Diagnosis(
            self.index + 1, "the value ends at its second quote", self._quote_all(self.index)
        )

    def _open_quote(self, index: int, quote: str) -> Diagnosis:
        if "escape" in self.problem:
            return Diagnosis(
                self.index + 1,
                "within double quotes \\ begins an escape, and there is none of this form",
                "Write two of them (\\\\), or put the value in single quotes.",
            )
        if not self._here(index).count(quote) % 2:
            return Diagnosis(index + 1, "a quote within the value begins a text of YAML's", QUOTES)
        return Diagnosis(
            index + 1,
            f"the quote {quote} that begins here is not closed",
            f"Write another {quote} at the end of the value.",
        )

    def _colon(self) -> Diagnosis | None:
        """A name without a colon and a space, in this line or in the one before it."""
        if "could not find expected ':'" in self.problem:
            return self._without_colon(self.begin)
        if "mapping values are not allowed" not in self.problem:
            return None
        before_it = self.lines[self.index][: self.column]
        if ": " in before_it or "{" in before_it:
            return Diagnosis(
                self.index + 1,
                "a colon and a space within a value begin another value",
                f"{nested_field(self._here(self.index))}{self._quote_all(self.index)}",
            )
        number, before = line_before(self.lines, self.index)
        if number and not re.search(r":(\s|$)", before.removeprefix("- ")):
            return self._without_colon(number - 1)
        if number and (found := dash(before, number)):
            return found
        return indentation(self.lines, self.index)

    def _without_colon(self, index: int) -> Diagnosis:
        written = self._here(index)
        if odd := odd_character(self.lines[index]):
            return Diagnosis(index + 1, *odd)
        if found := _NO_SPACE.fullmatch(written):
            return Diagnosis(
                index + 1,
                "there is no space after its colon",
                f"Write {found[1]}: {found[2]} with a space.",
            )
        return Diagnosis(
            index + 1,
            "it has no name that ends with a colon",
            "Write a colon and a space between a name and its value.",
        )

    def _bracket(self) -> Diagnosis | None:
        found = _GOT.search(self.problem)
        if found and found[1] in ("}", "]") and not self.context.startswith("while parsing a flow"):
            return Diagnosis(
                self.index + 1,
                f"{found[1]} closes no bracket",
                "Remove it.",
            )
        if not self._opened or not self.context.startswith("while parsing a flow"):
            return None
        begin = self._opened[-1].start_mark
        opened = self.text[begin.index]
        closing = _CLOSING[opened]
        between = self.text[begin.index : self.position].rstrip()
        is_name = _NAME.fullmatch(self.lines[self.index][: self.column])
        if "<stream end>" in self.problem or (
            self.index > begin.line and is_name and not between.endswith((",", "{", "["))
        ):
            return Diagnosis(
                begin.line + 1,
                f"the bracket {opened} that begins here is not closed",
                f"Write {closing} at the end of the value, or {_lower(QUOTES)}",
            )
        got = found[1] if found else ""
        if got in ("}", "]"):
            reason = f"{got} is where {closing} must close the bracket"
        else:
            reason = f"a comma or {closing} must follow a value within {opened} {closing}"
        return Diagnosis(self.index + 1, reason, f"Write it, or {_lower(QUOTES)}")

    def _block(self) -> Diagnosis | None:
        if self.context.startswith("while parsing a block") and "<block end>" in self.problem:
            before_it = self.lines[self.index][: self.column].rstrip()
            if before_it.endswith(("}", "]")):
                return Diagnosis(
                    self.index + 1,
                    f"nothing may follow the {before_it[-1]} that ends a value",
                    f"Remove it, or {_lower(self._quote_all(self.index))}",
                )
            return indentation(self.lines, self.index)
        return None

    def _value(self) -> Diagnosis:
        """A value that begins with a character of YAML's own."""
        if "alias" in self.problem:
            return Diagnosis(
                self.index + 1, self.problem, f"CloudFormation supports no aliases. {QUOTES}"
            )
        if "nested" in self.problem:
            return Diagnosis(self.index + 1, self.problem, "Use fewer brackets and levels.")
        if inner := inner_value(self.lines[self.index], self.column):
            return Diagnosis(self.index + 1, *inner)
        index = self.begin if self.context.startswith("while scanning") else self.index
        value = _NAME_AND_VALUE.fullmatch(self._here(index))
        first = value[2][0] if value else _DASHES.sub("", self._here(index))[:1]
        return Diagnosis(
            index + 1,
            f"a value cannot begin with {first} without quotes",
            self._quote_all(index),
        )

    def _quote_all(self, index: int) -> str:
        """How to put the value of a line in quotes."""
        found = _NAME_AND_VALUE.fullmatch(self._here(index))
        if found is None:
            return QUOTES
        return f"Put the whole value in quotes: {found[1]}: {quoted_value(found[2])}"


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
