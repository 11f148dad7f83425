"""Mistakes that sources make: rows that a loader must refuse, each with the column at fault and the reason.

Each is a true row with one value spoilt and, where the row has a number of its own, another number, so that refusing
it takes nothing away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from loaders.scenario.files import Lines, SourceText, Table


@dataclass(frozen=True, slots=True)
class Fault:
    """A spoilt row: put before row ``at`` (counted from 0) of a file, made of that row by ``changes``."""

    file: str
    at: int
    column: str
    why: str
    changes: Mapping[str, str]

    @property
    def line(self) -> int:
        """The line of the file it stands on; the header is line 1."""
        return self.at + 2


FAULTS = (
    Fault("companies.csv", 20, "number", "the register number is missing", {"number": ""}),
    Fault("companies.csv", 71, "jurisdiction", "no such country", {"number": "7000001", "jurisdiction": "QQ"}),
    Fault("residents.csv", 33, "born", "no such day", {"person_code": "nobody-at-all", "born": "1979-02-30"}),
    Fault("accounts.csv", 90, "bic", "not a BIC", {"account": "ZTMB-0", "iban": "", "bic": "ZTMB"}),
    Fault("transfers.csv", 12, "from_iban", "not an IBAN", {"number": "TRX-F1", "from_iban": "GB00ZTMB998877"}),
    Fault("transfers.csv", 58, "amount", "a decimal comma", {"number": "TRX-F2", "amount": "12.400,50"}),
    Fault("transfers.csv", 104, "currency", "no such currency", {"number": "TRX-F3", "currency": "QQQ"}),
    Fault("cash.csv", 9, "declared", "neither yes nor no", {"number": "CTR-F1", "declared": "perhaps"}),
    Fault("declarations.csv", 15, "container", "wrong check digit", {"ucr": "UCR-F1", "container": "XQMU5000001"}),
    Fault("declarations.csv", 40, "hs_code", "no chapter 77", {"ucr": "UCR-F2", "hs_code": "7701.10"}),
    Fault("declarations.csv", 63, "vessel_imo", "six digits", {"ucr": "UCR-F3", "vessel_imo": "307104"}),
    Fault("invoices.csv", 25, "", "no such consignment", {"invoice": "INV-F1", "ucr": "UCR24XX0000000"}),
    Fault("crossings.csv", 18, "date", "no such day", {"booking": "QF1", "date": "31/02/2024"}),
    Fault("crossings.csv", 44, "passport_number", "the number is missing", {"booking": "QF2", "passport_number": ""}),
    Fault("subscribers.csv", 77, "phone", "too short", {"phone": "+97112"}),
)  # fmt: skip
SPOILT_LINES = {
    "informants.jsonl": (
        ("kind", "no such kind", {"type": "entity", "id": "rumour:1", "kind": "Spaceship", "grade": "E5"}),
        (
            "source",
            "a link without a beginning",
            {"type": "link", "kind": "ASSOCIATE_OF", "target": "subject:orhan-belgin"},
        ),
    )
}
"""Spoilt records, put at the end of a file: the key at fault, the reason, the record."""


def spoil(source: SourceText) -> SourceText:
    """The same file with its mistakes in it."""
    if isinstance(source, Lines):
        return replace(source, bodies=[*source.bodies, *(body for _, _, body in SPOILT_LINES.get(source.file, ()))])
    rows = list(source.rows)
    for fault in FAULTS:
        if fault.file == source.file:
            rows.insert(fault.at, {**rows[fault.at], **fault.changes})
    return replace(source, rows=rows)


def announced(source: SourceText) -> list[dict[str, str | int]]:
    """What is wrong with the file: line, column and reason of each mistake."""
    if isinstance(source, Table):
        return [
            {"file": fault.file, "line": fault.line, "column": fault.column, "why": fault.why}
            for fault in FAULTS
            if fault.file == source.file
        ]
    spoilt = SPOILT_LINES.get(source.file, ())
    first = len(source.bodies) - len(spoilt) + 1
    return [
        {"file": source.file, "line": first + place, "column": column, "why": why}
        for place, (column, why, _) in enumerate(spoilt)
    ]
