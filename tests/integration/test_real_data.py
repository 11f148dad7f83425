"""Real public data, loaded and counted: what the loaders bring equals what the csv and json modules count in the files.

The files are read in place, beside the repository, and are no part of it; where they are absent the tests skip.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from graph_service.model.scope import EVERYTHING
from loaders.report import LoadReport
from tests.unit.loaders.recorder import Recorder, load_one

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"


def needed(name: str) -> Path:
    """A file or folder of the data, or a skip that says what is missing."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"needs the public data set {name}, which is not beside this repository")
    return path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def entities(recorder: Recorder) -> Counter[str]:
    """Distinct entities by kind."""
    kinds = {record.entity_id: record.kind for record in recorder.entities()}
    return Counter(kinds.values())


def links(recorder: Recorder) -> Counter[str]:
    """Distinct links by kind."""
    kinds = {record.link_id: record.kind for record in recorder.links()}
    return Counter(kinds.values())


def loaded(path: Path, folder: Path, **chosen: Any) -> tuple[Recorder, LoadReport]:
    """A store with one source, which a second load leaves as it is."""
    recorder = Recorder()
    report = load_one(recorder, path, folder, **chosen)
    before = recorder.store.health()
    assert load_one(recorder, path, folder, **chosen).repeated
    assert recorder.store.health() == before
    return recorder, report


def test_fincen_transfers(tmp_path: Path) -> None:
    path = needed("fincen/download_transactions_map.csv")
    raw = rows(path)
    recorder, report = loaded(path, tmp_path)
    banks = {
        row[column] for row in raw for column in ("filer_org_name_id", "originator_bank_id", "beneficiary_bank_id")
    }
    reports = {row["icij_sar_id"] for row in raw}
    named = {(row["icij_sar_id"], row[f"{side}_bank_id"]) for row in raw for side in ("originator", "beneficiary")}
    assert report.rows == len(raw)
    assert entities(recorder) == {"Bank": len(banks), "Report": len(reports), "MoneyTransfer": len(raw)}
    assert links(recorder) == {
        "ORIGINATOR": len(raw),
        "BENEFICIARY": len(raw),
        "COVERS": len(raw),
        "FILED": len({(row["filer_org_name_id"], row["icij_sar_id"]) for row in raw}),
        "MENTIONS": len(named),
    }
    transfers = [record for record in recorder.entities() if record.kind == "MoneyTransfer"]
    assert sum(Decimal(record.properties["amount"][0]) for record in transfers) == sum(
        Decimal(row["amount_transactions"]) for row in raw
    )
    counted = [int(record.properties.get("number_transactions", ("0",))[0]) for record in transfers]
    assert sum(counted) == sum(int(row["number_transactions"] or 0) for row in raw)


def test_fincen_dates_that_run_backwards_are_told_and_the_transfer_is_kept(tmp_path: Path) -> None:
    from datetime import datetime

    path = needed("fincen/download_transactions_map.csv")

    def day(text: str) -> datetime | None:
        return datetime.strptime(text, "%b %d, %Y") if text else None  # noqa: DTZ007 - days, no moments

    backwards = {
        row["id"]
        for row in rows(path)
        if (begun := day(row["begin_date"])) and (ended := day(row["end_date"])) and ended < begun
    }
    recorder, report = loaded(path, tmp_path)
    assert backwards
    assert report.rejected == len(backwards)
    assert {reject.fields[0] for reject in report.first_rejects} <= backwards
    kept = recorder.store.get([f"fincen:transfer:{number}" for number in backwards], [], EVERYTHING).entities
    assert len(kept) == len(backwards)
    assert all(record.said.valid.end is None and record.properties["end_date"] for record in kept)


def test_fincen_connections(tmp_path: Path) -> None:
    path = needed("fincen/download_bank_connections.csv")
    raw = rows(path)
    recorder, report = loaded(path, tmp_path)
    assert (report.rows, report.rejected) == (len(raw), 0)
    assert entities(recorder) == {
        "Bank": len({row["filer_org_name_id"] for row in raw} | {row["entity_b_id"] for row in raw}),
        "Report": len({row["icij_sar_id"] for row in raw}),
    }
    assert links(recorder) == {
        "FILED": len({(row["filer_org_name_id"], row["icij_sar_id"]) for row in raw}),
        "MENTIONS": len({(row["icij_sar_id"], row["entity_b_id"]) for row in raw}),
    }


def test_fincen_as_a_folder_is_one_source_of_both_files(tmp_path: Path) -> None:
    folder = needed("fincen")
    transfers, connections = (
        rows(folder / "download_transactions_map.csv"),
        rows(folder / "download_bank_connections.csv"),
    )
    recorder, report = loaded(folder, tmp_path)
    assert report.rows == len(transfers) + len(connections)
    banks = {row[c] for row in transfers for c in ("filer_org_name_id", "originator_bank_id", "beneficiary_bank_id")}
    banks |= {row[c] for row in connections for c in ("filer_org_name_id", "entity_b_id")}
    reports = {row["icij_sar_id"] for row in (*transfers, *connections)}
    assert entities(recorder) == {"Bank": len(banks), "Report": len(reports), "MoneyTransfer": len(transfers)}


def graphs(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("*.json")):
        yield json.loads(path.read_text(encoding="utf-8"))


def test_panama_graphs(tmp_path: Path) -> None:
    folder = needed("panama/graphs")
    nodes = {node["id"]: node["data"] for graph in graphs(folder) for node in graph["nodes"]}
    edges = {edge["id"]: edge for graph in graphs(folder) for edge in graph["edges"]}
    categories = Counter(str(data["categories"]["0"]) for data in nodes.values())
    recorder, report = loaded(folder, tmp_path)
    assert report.rejected == 0
    assert report.rows == sum(len(graph["nodes"]) + len(graph["edges"]) for graph in graphs(folder))
    assert entities(recorder) == {
        "Party": categories["Officer"],
        "Company": categories["Company"],
        "Organization": categories["Client"],
        "Address": categories["Address"],
    }
    assert {record.link_id: (record.source, record.target) for record in recorder.links()} == {
        f"panama:edge:{number}": (f"panama:{edge['source']}", f"panama:{edge['target']}")
        for number, edge in edges.items()
    }
    types = Counter(str(edge["data"]["type"]) for edge in edges.values())
    found = links(recorder)
    assert found["INTERMEDIARY_OF"] == types["registered"]
    assert found["REGISTERED_AT"] == types["registered address"]
    assert found["SAME_NAME_AS"] == types["has similar name and address as"]
    names = {
        record.entity_id: record.properties.get("name") or record.properties["full"] for record in recorder.entities()
    }
    assert names == {f"panama:{number}": (data["properties"]["name"].strip(),) for number, data in nodes.items()}


def test_panama_as_a_folder_leaves_the_flat_file_to_its_own_mapping(tmp_path: Path) -> None:
    folder = needed("panama")
    _, report = loaded(folder, tmp_path, mapping="panama")
    assert report.skipped == ("flat_edges.csv",)
    assert len(report.files) == len(list((folder / "graphs").glob("*.json")))


def test_panama_edges_without_names(tmp_path: Path) -> None:
    path = needed("panama/flat_edges.csv")
    raw = rows(path)
    recorder, report = loaded(path, tmp_path)
    assert (report.rows, report.rejected) == (len(raw), 0)
    distinct = {(row["type"], row["source"], row["target"], row["date_start"], row["date_end"]) for row in raw}
    assert sum(links(recorder).values()) == len(distinct)
    assert sum(entities(recorder).values()) == len({row[end] for row in raw for end in ("source", "target")})


FTM_KINDS = {
    "Person": "Subject", "Company": "Company", "Organization": "Organization", "PublicBody": "PublicBody",
    "Address": "Address", "Payment": "MoneyTransfer", "Email": "EmailMessage", "Page": "Page", "Folder": "Folder",
    "Package": "Folder", "Workbook": "Folder", "Table": "Document", "Document": "Document", "PlainText": "Document",
    "Pages": "Document", "HyperText": "Document",
}  # fmt: skip
FTM_LINKS = ("addressEntity", "payer", "beneficiary", "parent", "document", "emitters", "recipients")


@pytest.mark.parametrize("name", ["donations.ijson", "eu_authorities.ftm.json", "samples.ijson"])
def test_followthemoney(tmp_path: Path, name: str) -> None:
    path = needed(f"ftm/{name}")
    raw = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    recorder, report = loaded(path, tmp_path)
    assert (report.format, report.rows, report.rejected) == ("ftm", len(raw), 0)
    assert entities(recorder) == Counter(FTM_KINDS[each["schema"]] for each in raw)
    pointed = {
        (each["id"], name, other) for each in raw for name in FTM_LINKS for other in each["properties"].get(name, ())
    }
    assert sum(links(recorder).values()) == len(pointed)


def test_followthemoney_amounts(tmp_path: Path) -> None:
    path = needed("ftm/donations.ijson")
    raw = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    recorder, _ = loaded(path, tmp_path)
    paid = [record.properties for record in recorder.entities() if record.kind == "MoneyTransfer"]
    assert sum(Decimal(each["amount"][0]) for each in paid) == sum(
        Decimal(text) for each in raw for text in each["properties"].get("amountEur", ())
    )
    assert {each["currency"] for each in paid} == {("EUR",)}
