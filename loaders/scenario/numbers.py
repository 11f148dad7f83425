"""Valid numbers for things that do not exist: check digits are right, the ranges are not handed out."""

from __future__ import annotations

_VALUES = {letter: 10 + place + (place + 9) // 10 for place, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
"""ISO 6346 letter values: A is 10, and the multiples of 11 are left out."""


def iban(country: str, bank: str, number: str) -> str:
    """An account number with its mod 97 check digits (ISO 13616); ``bank`` and ``number`` fill the national part."""
    bban = bank + number
    digits = "".join(str(int(sign, 36)) for sign in bban + country + "00")
    return f"{country}{98 - int(digits) % 97:02d}{bban}"


def imo(serial: int) -> str:
    """A ship number from six digits and their check digit; ships never got numbers that begin with 3."""
    digits = f"3{serial:05d}"
    return digits + str(sum(int(digit) * weight for digit, weight in zip(digits, range(7, 1, -1), strict=True)) % 10)


def container(owner: str, serial: int) -> str:
    """A container number from a four-letter owner code, six digits and their check digit (ISO 6346)."""
    signs = f"{owner}{serial:06d}"
    total = sum((_VALUES[sign] if sign.isalpha() else int(sign)) << place for place, sign in enumerate(signs))
    return f"{signs}{total % 11 % 10}"
