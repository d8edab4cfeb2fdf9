"""Validate the bodies of control requests."""

from collections.abc import Callable

from pydantic import ValidationError

from adobe_emulator.exchange import RefusedError, json_answer


def validated[T](validate: Callable[[bytes], T], body: bytes) -> T:
    """The document of a body. Raises RefusedError with the errors of pydantic."""
    try:
        return validate(body)
    except ValidationError as exc:
        document = {"errors": exc.errors(include_url=False, include_input=False)}
        raise RefusedError(json_answer(400, document)) from None
