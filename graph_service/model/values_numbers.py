"""Numbers as exact decimal text: amounts, quantities, shares, coordinates, counts, yes and no.

Binary floating point never touches a value, so sums of money stay exact to the last digit.
"""

import re
from decimal import Decimal

from graph_service.model.values_refusal import refused

MAX_DIGITS = 38
"""What a decimal column of the embedded store holds."""

_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:([,' \u00a0\u202f_])[0-9]{3})(?:\1[0-9]{3})*(?:\.[0-9]+)?")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?")
_YES = frozenset({"true", "yes", "y", "t", "1"})
_NO = frozenset({"false", "no", "n", "f", "0"})


def decimal_text(text: str) -> str:
    """The number in plain notation: no exponent, no needless zeros, a point before decimals.

    Takes exponents ("5.689852347E7") and thousands set apart by a comma, an apostrophe or a space. A decimal comma
    is refused, because "1,234" would be read a thousand times too large by somebody.
    """
    if not _PLAIN.fullmatch(text):
        text = _unfold(text)
    sign, unsigned = ("-", text[1:]) if text[0] == "-" else ("", text)
    whole, _, fraction = unsigned.partition(".")
    whole = whole.lstrip("0") or "0"
    fraction = fraction.rstrip("0")
    if len(whole) + len(fraction) > MAX_DIGITS:
        raise refused(f"more than {MAX_DIGITS} digits", text)
    if fraction:
        return f"{sign}{whole}.{fraction}"
    return whole if whole == "0" else sign + whole


def _unfold(text: str) -> str:
    """The same number without exponent, grouping or plus sign."""
    if _GROUPED.fullmatch(text):
        text = re.sub(r"[^0-9.+-]", "", text)
    if not _DECIMAL.fullmatch(text):
        if re.fullmatch(r"[+-]?[0-9.]*,[0-9]+", text):
            raise refused("decimal comma; write the number with a decimal point", text)
        raise refused("not a decimal number", text)
    number = Decimal(text)
    if not number:
        return "0"
    if abs(number.adjusted()) > MAX_DIGITS:  # before it is written out: an exponent may stand for a gigabyte of zeros
        raise refused(f"more than {MAX_DIGITS} digits", text)
    return f"{number:f}"


def integer_text(text: str) -> str:
    """A whole number; "68.0", as spreadsheets write it, is 68."""
    number = decimal_text(text)
    if "." in number:
        raise refused("not a whole number", text)
    return number


def share_text(text: str) -> str:
    """A part in per cent from 0 to 100, with or without a per cent sign; 0.25 is a quarter of one per cent."""
    return _within(text.removesuffix("%").rstrip() or "%", 0, 100, "not a share from 0 to 100 per cent")


def latitude_text(text: str) -> str:
    """Decimal degrees north, from -90 to 90."""
    return _within(text, -90, 90, "not a latitude from -90 to 90 degrees")


def longitude_text(text: str) -> str:
    """Decimal degrees east, from -180 to 180."""
    return _within(text, -180, 180, "not a longitude from -180 to 180 degrees")


def _within(text: str, low: int, high: int, reason: str) -> str:
    number = decimal_text(text)
    if not low <= Decimal(number) <= high:
        raise refused(reason, text)
    return number


def boolean_text(text: str) -> str:
    """The word true or false, from true, yes, y, t, 1 and false, no, n, f, 0 in any case."""
    folded = text.casefold()
    if folded in _YES:
        return "true"
    if folded in _NO:
        return "false"
    raise refused("neither true nor false", text)
