"""Compile and evaluate JMESPath expressions over a webhook.

The names of an expression: `event_type`, `delivery_id`, `headers`, `query`, `body`, `source` and
`received_at`.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from jmespath.exceptions import JMESPathError, JMESPathTypeError
from jmespath.visitor import Options

from bridge.errors import MappingError
from bridge.messages.expression_tree import Reads, reads_of
from bridge.messages.functions import MappingFunctions
from bridge.messages.jmespath_numbers import ConversionError, ExactParser

type Context = Mapping[str, Any]
"""A value for each of `NAMES`; names of headers are in lower case. A query parameter is
a text, or a list of texts if its name is repeated."""

PROVIDER: Final = " provider"
"""In a context: the source's preset, for `money`. No expression can read it: it is not a name."""

# What JMESPath and its functions raise on unsupported values.
_FAULTS = (ValueError, TypeError, ArithmeticError, LookupError, AttributeError, RecursionError)


class Expression:
    """A compiled expression.

    Attributes:
        reads: the headers and query parameters that it reads.
    """

    def __init__(self, text: str) -> None:
        try:
            self._parsed = ExactParser().parse(text)
        except JMESPathError as exc:
            from bridge.messages.expression_advice import syntax_advice  # noqa: PLC0415 (only then)

            raise ValueError(f"is not a JMESPath expression: {syntax_advice(exc, text)}") from None
        except RecursionError:
            raise ValueError("is not a JMESPath expression: it is nested too deeply") from None
        self.reads = reads_of(self._parsed.parsed)

    def value(self, context: Context) -> Any:
        """Evaluate the expression.

        Raises:
            MappingError: a function does not support its arguments; never quotes a value.
        """
        try:
            return self._parsed.search(context, _options(context.get(PROVIDER, "")))
        except ConversionError as exc:
            reason = str(exc)
        except JMESPathTypeError as exc:
            from bridge.messages.type_advice import type_advice  # noqa: PLC0415 (only then)

            advice = type_advice(exc.actual_type, exc.expected_types, exc.function_name)
            reason = f"{exc.function_name}() does not take {advice}"
        except _FAULTS as exc:
            from bridge.messages.type_advice import fault_advice  # noqa: PLC0415 (only then)

            reason = f"the expression fails: {fault_advice(exc)}"
        # Outside of the except clauses: the context of the exception could quote a value.
        raise MappingError(reason)


@lru_cache(maxsize=1024)
def compile_expression(text: str) -> Expression:
    """Compile an expression, once per process.

    Raises:
        ValueError: the expression is invalid, or has an unknown name or function. The message is
            a sentence without a subject.
    """
    return Expression(text)


@lru_cache(maxsize=256)
def _options(provider: str) -> Options:
    return Options(custom_functions=MappingFunctions(provider))


def is_true(value: Any) -> bool:
    """Whether a value is true in JMESPath: 0 is true, null, false and empty values are not."""
    return value is not None and value is not False and value not in ("", [], {})


def reads(text: str) -> Reads:
    """Return the headers and query parameters that an expression reads. Raises ValueError."""
    return compile_expression(text).reads


def headers_read(text: str) -> frozenset[str]:
    """Return the names of the headers that an expression reads. Raises ValueError."""
    return reads(text).headers
