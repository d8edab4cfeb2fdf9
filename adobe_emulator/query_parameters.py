"""Check the query of a request; an unknown or repeated parameter is an error, which is a guess."""

from adobe_emulator.exchange import Call
from adobe_emulator.platform_errors import bad_request


def allow_parameters(call: Call, *names: str) -> None:
    """Raises RefusedError for other parameters, and for one that is repeated."""
    sent = [name for name, _ in call.query]
    for name in sent:
        if name not in names:
            raise bad_request(f"unknown parameter: {name}")
        if sent.count(name) > 1:
            raise bad_request(f"{name} is repeated")


def number(call: Call, name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
    """A whole number in its bounds. Raises RefusedError."""
    text = call.first(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdecimal():
        raise bad_request(f"{name} must be a number")
    found = int(text)
    if found < least or (most is not None and found > most):
        bounds = f"at least {least}" if most is None else f"from {least} to {most}"
        raise bad_request(f"{name} must be {bounds}")
    return found
