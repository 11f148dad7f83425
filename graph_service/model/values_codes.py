"""Codes with a structure and mostly a check digit: accounts, firms, ships, boxes, cars, handsets, goods.

python-stdnum does the arithmetic where it knows the code. Its modules are imported when first used, since most runs
need few of them.
"""

import re
from functools import lru_cache
from importlib import import_module
from typing import Any

from graph_service.model.values_refusal import refused

_CACHED = 65_536
_SEPARATORS = re.compile(r"[\s./-]+")
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN_GROUPS = ("0", "1AJ", "2BKS", "3CLT", "4DMU", "5ENV", "6FW", "7GPX", "8HY", "9RZ")
_VIN_VALUES = {char: value for value, chars in enumerate(_VIN_GROUPS) for char in chars}
_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")


def _compact(text: str) -> str:
    return _SEPARATORS.sub("", text).upper()


def _validated(module: str, what: str, text: str, **options: bool) -> str:
    """The compact form of a number that the named module of python-stdnum holds to be valid."""
    checks: Any = import_module(f"stdnum.{module}")
    try:
        return str(checks.validate(_compact(text), **options))
    except ValueError as error:  # the root of its errors; the text says what is wrong
        reason = str(error).rstrip(".").replace("The number", "the number", 1)
        raise refused(f"not {what} ({reason})", text) from None


@lru_cache(maxsize=_CACHED)
def iban_text(text: str) -> str:
    """An IBAN without spaces; length and structure of its country and the check digits (ISO 13616) must hold."""
    return _validated("iban", "an IBAN", text, check_country=False)


@lru_cache(maxsize=_CACHED)
def bic_text(text: str) -> str:
    """A BIC (ISO 9362) of 8 characters, or of 11 for a branch; XXX, which stands for no branch, is left off."""
    code = _validated("bic", "a BIC", text)
    return code[:8] if code[8:] == "XXX" else code


@lru_cache(maxsize=_CACHED)
def lei_text(text: str) -> str:
    """A legal entity identifier: 20 characters of which the last two check the rest (ISO 17442)."""
    if len(_compact(text)) != 20:
        raise refused("an LEI has 20 characters", text)
    return _validated("lei", "an LEI", text)


@lru_cache(maxsize=_CACHED)
def imo_text(text: str) -> str:
    """The seven digits of an IMO ship number, without the letters; the last digit checks the others."""
    return _validated("imo", "an IMO number", text)


def mmsi_text(text: str) -> str:
    """The nine digits of a maritime mobile service identity. It has no check digit."""
    digits = _compact(text)
    if not (len(digits) == 9 and digits.isascii() and digits.isdigit()):
        raise refused("an MMSI has nine digits", text)
    return digits


@lru_cache(maxsize=_CACHED)
def container_text(text: str) -> str:
    """A container number: owner code, U, J or Z, six digits and the check digit (ISO 6346)."""
    return _validated("iso6346", "a container number", text)


@lru_cache(maxsize=_CACHED)
def imei_text(text: str) -> str:
    """The digits of an IMEI: 15 with a valid check digit, or 14 or 16 without one."""
    return _validated("imei", "an IMEI", text)


def vin_text(text: str) -> str:
    """A vehicle identification number of 17 characters (ISO 3779).

    The check digit is held against it only for vehicles built in North America (first character 1 to 5), since other
    makers put a letter of their own there.
    """
    number = _compact(text)
    if not _VIN.fullmatch(number):
        raise refused("a VIN has 17 letters and digits, without I, O and Q", text)
    if number[0] in "12345":
        total = sum(_VIN_VALUES[char] * weight for char, weight in zip(number, _VIN_WEIGHTS, strict=True))
        if "0123456789X"[total % 11] != number[8]:
            raise refused("VIN with a wrong check digit", text)
    return number


@lru_cache(maxsize=_CACHED)
def hs_code_text(text: str) -> str:
    """The digits of a Harmonised System code: chapter (2), heading (4), subheading (6), or 7 to 10 as nations add."""
    digits = _compact(text)
    if not (digits.isascii() and digits.isdigit()):
        raise refused("an HS code consists of digits", text)
    if len(digits) not in (2, 4, 6, 7, 8, 9, 10):
        raise refused("an HS code has 2, 4 or 6 to 10 digits (a leading zero may be lost)", text)
    if digits[:2] in ("00", "77"):
        raise refused(f"the Harmonised System has no chapter {digits[:2]}", text)
    return digits
