"""Numbers of a JSON text that keep their spelling, so that they are written as they were read."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

type Number = int | float | JsonNumber
"""A JSON number; booleans are none, although they are instances of int."""


class JsonNumber:
    """A number that Python's int and float do not hold as written: `0.10`, `1e400`, `-0`.

    Equality, order and hash are those of its decimal value, also beside int and float. A float
    counts as the decimal that `repr` shows. Exponents beyond 10**18 count as the greatest or the
    least of Decimal.

    It is neither an int nor a float, because the encoder of `json` writes those without asking.

    Attributes:
        text: as in the JSON text.
    """

    __slots__ = ("_decimal", "text")

    def __init__(self, text: str) -> None:
        self.text = text

    @property
    def decimal(self) -> "Decimal":
        """The exact value; of a number beyond the range of Decimal, the nearest one."""
        try:
            return self._decimal
        except AttributeError:
            self._decimal: Decimal = _nearest(self.text)
            return self._decimal

    @property
    def is_written_as_integer(self) -> bool:
        """Whether it has neither a fraction nor an exponent."""
        return not ("." in self.text or "e" in self.text or "E" in self.text)

    def _beside(self, other: object) -> "int | Decimal | None":
        """What Decimal can be compared with for another number; None for anything else."""
        match other:
            case JsonNumber():
                return other.decimal
            case bool():
                return None
            case int():
                return other
            case float() if other == other:  # noqa: PLR0124 - not NaN
                return type(self.decimal)(repr(other))
        return None

    def __eq__(self, other: object) -> bool:
        if isinstance(other, JsonNumber) and other.text == self.text:
            return True
        value = self._beside(other)
        return NotImplemented if value is None else self.decimal == value

    def __lt__(self, other: object) -> bool:
        value = self._beside(other)
        return NotImplemented if value is None else self.decimal < value

    def __le__(self, other: object) -> bool:
        value = self._beside(other)
        return NotImplemented if value is None else self.decimal <= value

    def __gt__(self, other: object) -> bool:
        value = self._beside(other)
        return NotImplemented if value is None else self.decimal > value

    def __ge__(self, other: object) -> bool:
        value = self._beside(other)
        return NotImplemented if value is None else self.decimal >= value

    def __hash__(self) -> int:
        # A float that is equal has its own hash; the hash of Decimal is that of equal integers.
        near = float(self)
        return hash(near) if self == near else hash(self.decimal)

    def __bool__(self) -> bool:
        return bool(self.decimal)

    def __float__(self) -> float:
        """The nearest double; infinity if it is too large."""
        return float(self.text)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return self.text


def _nearest(text: str) -> "Decimal":
    # Imported on first use: it takes 2 ms, and most sources compare no such number.
    from decimal import MAX_EMAX, MIN_EMIN, Decimal, InvalidOperation  # noqa: PLC0415 (few documents have such numbers)

    try:
        return Decimal(text)
    except InvalidOperation:  # The exponent is out of range.
        digits, _, exponent = text.lower().partition("e")
        sign = "-" if digits.startswith("-") else ""
        if not any("1" <= digit <= "9" for digit in digits):
            return Decimal(f"{sign}0")
        return Decimal(f"{sign}1e{MIN_EMIN if exponent.startswith('-') else MAX_EMAX}")
