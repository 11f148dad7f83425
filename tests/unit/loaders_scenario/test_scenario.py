from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban as stdnum_iban
from stdnum import imo as stdnum_imo
from stdnum import iso6346

from graph_service.api.scopes import scope_body
from graph_service.model.grades import parse_grade
from graph_service.model.ontology import load_ontology
from graph_service.model.scope import Caller, Scope
from graph_service.service import GraphService
from graph_service.store.embedded.store import EmbeddedStore
from loaders.run import LoadReport, load
from loaders.scenario.__main__ import main
from loaders.scenario.build import build_world
from loaders.scenario.dice import Dice
from loaders.scenario.numbers import container, iban, imo
from loaders.scenario.shipped import DATA, planted_faults, shipped_files, shipped_stories
from loaders.scenario.story import Ask, Story
from loaders.scenario.write import write_scenario
from queries.groups.communities import CommunitiesResult
from queries.paths.found import PathsResult

ASKS = [(story, ask) for story in shipped_stories() for ask in story.asks]
FACTS = [(f"{story.key}: {fact.text[:40]}", fact.chain) for story in shipped_stories() for fact in story.facts]


@dataclass(frozen=True, slots=True)
class Loaded:
    """The shipped case in an embedded store, with what each load reported."""

    service: GraphService
    reports: tuple[LoadReport, ...]
    neighbours: dict[str, set[str]]
    entity_ids: frozenset[str]


@cache
def loaded() -> Loaded:
    store = EmbeddedStore(None)
    ontology = load_ontology()
    reports: list[LoadReport] = []
    with TemporaryDirectory() as folder:
        for file in shipped_files():
            reports += load([file.path], store_put=store.put, ontology=ontology, options=file.options(Path(folder)))
    changes = store.changes(0)
    ids = changes.entity_ids.to_pylist()
    neighbours: dict[str, set[str]] = {name: set() for name in ids}
    ends = zip(changes.link_rows["source"].to_pylist(), changes.link_rows["target"].to_pylist(), strict=True)
    for source, target in ends:
        neighbours[ids[source]].add(ids[target])
        neighbours[ids[target]].add(ids[source])
    return Loaded(GraphService(store, ontology), tuple(reports), neighbours, frozenset(ids))


def scope_of(ask: Ask) -> Scope:
    """The scope as the API and the command line read it."""
    return scope_body(ask.scope).scope(load_ontology())


def raw_rows(name: str) -> list[dict[str, str]]:
    """The rows of a shipped CSV file without the planted faults, read by the standard library alone."""
    text = (DATA / name).read_text(encoding="utf-8")
    delimiter = max(",;|", key=text.splitlines()[0].count)
    spoilt = {fault.line for fault in planted_faults() if fault.file == name}
    rows = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    return [row for line, row in enumerate(rows, start=2) if line not in spoilt]


def test_the_shipped_files_are_what_the_generator_writes(tmp_path: Path) -> None:
    write_scenario(tmp_path)
    written = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    shipped = {path.relative_to(DATA): path.read_bytes() for path in DATA.rglob("*") if path.is_file()}
    assert sorted(written) == sorted(shipped)
    assert [name for name, content in shipped.items() if written[name] != content] == []


def test_the_shipped_files_are_small_and_every_one_is_listed() -> None:
    files = [path for path in DATA.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 2_000_000
    listed = {file.path for file in shipped_files()} | {file.mapping for file in shipped_files() if file.mapping}
    assert set(files) - listed == {DATA / "manifest.toml", DATA / "stories.toml"}


def test_the_stories_survive_being_written_and_read() -> None:
    assert shipped_stories() == build_world()[1]


def test_exactly_the_planted_faults_are_refused() -> None:
    refused = sorted((r.file, int(r.place), r.column) for report in loaded().reports for r in report.first_rejects)
    assert sum(report.rejected for report in loaded().reports) == len(refused)
    assert refused == sorted((fault.file, fault.line, fault.column) for fault in planted_faults())


def test_every_refusal_gives_its_reason() -> None:
    assert all(len(reject.reason) > 10 for report in loaded().reports for reject in report.first_rejects)


def test_the_world_has_about_two_thousand_entities_of_all_families() -> None:
    kinds = Counter(name.partition(":")[0] for name in loaded().entity_ids)
    assert 1_800 < len(loaded().entity_ids) < 2_300
    assert {"case", "office", "vessel", "container", "cash", "trip", "passport", "bank", "port"} <= set(kinds)


@pytest.mark.parametrize(
    ("file", "prefix", "column"),
    [
        ("transfers.csv", "transfer", "number"),
        ("cash.csv", "cash", "number"),
        ("declarations.csv", "shipment", "ucr"),
        ("crossings.csv", "trip", "booking"),
        ("subscribers.csv", "phone", "phone"),
        ("accounts.csv", "account", "account"),
        ("vessels.csv", "vessel", "imo"),
    ],
)
def test_the_store_holds_what_the_raw_file_names(file: str, prefix: str, column: str) -> None:
    named = {f"{prefix}:{row[column]}" for row in raw_rows(file)}
    assert named == {name for name in loaded().entity_ids if name.startswith(f"{prefix}:")}


def test_the_same_thing_has_one_id_in_all_sources() -> None:
    declared = {f"company:{row['exporter_country']}-{row['exporter_number']}" for row in raw_rows("declarations.csv")}
    registered = {f"company:{row['jurisdiction']}-{row['number']}" for row in raw_rows("companies.csv")}
    assert len(declared & registered) > 40
    assert {row["from_account"] for row in raw_rows("transfers.csv")} <= {
        row["account"] for row in raw_rows("accounts.csv")
    }


def test_offices_cover_the_three_areas_of_the_world() -> None:
    seen = loaded().service.view(Scope(), Caller())
    records = loaded().service.store.get([n for n in loaded().entity_ids if n.startswith("office:")], [], Scope())
    assert {r.properties["area"][0] for r in records.entities} == {
        "Americas",
        "Asia",
        "Europe, Middle East and Africa",
    }
    assert seen.count_kinds()[0]["Office"] == len(records.entities)


def test_the_cast_of_every_story_is_there() -> None:
    missing = {ident for story in shipped_stories() for ident in story.cast.values()} - loaded().entity_ids
    assert missing == set()


def test_the_stories_are_of_different_areas_of_crime() -> None:
    assert {story.area for story in shipped_stories()} >= {"a", "c", "d", "g"}


@pytest.mark.parametrize("chain", [chain for _, chain in FACTS], ids=[name for name, _ in FACTS])
def test_a_core_fact_is_a_chain_of_links(chain: tuple[str, ...]) -> None:
    neighbours = loaded().neighbours
    assert len(chain) > 1
    assert [(one, other) for one, other in pairwise(chain) if other not in neighbours[one]] == []


@pytest.mark.parametrize("engine", ["memory", "networkx"])
@pytest.mark.parametrize(("story", "ask"), ASKS, ids=[f"{story.key}: {ask.title[:40]}" for story, ask in ASKS])
def test_a_suggested_question_brings_the_story_to_light(story: Story, ask: Ask, engine: str) -> None:
    answer = loaded().service.ask(ask.question, ask.parameters, scope_of(ask), Caller(), engine=engine)
    if isinstance(answer.result, CommunitiesResult):
        assert any(set(ask.expect) <= set(group.members) for group in answer.result.communities)
    elif not ask.expect:
        assert isinstance(answer.result, PathsResult)
        assert answer.result.paths == ()
    else:
        assert set(ask.expect) <= {entity.id for entity in answer.subgraph.entities}, story.title


def test_a_rumour_makes_a_shorter_way_that_a_minimum_grade_takes_away() -> None:
    cast = shipped_stories()[-1].cast
    parameters = {"source": cast["broker"], "target": cast["third_party_payer"]}
    lengths = []
    for grade in (None, parse_grade("C3")):
        answer = loaded().service.ask("shortest-paths", parameters, Scope(min_grade=grade), Caller())
        assert isinstance(answer.result, PathsResult)
        lengths.append(answer.result.paths[0].length)
    assert lengths[0] == 1 < lengths[1]


def test_two_independent_sources_corroborate_one_link() -> None:
    cast = shipped_stories()[-1].cast
    parameters = {"source": cast["hawaladar"], "target": cast["third_party_payer"]}
    answer = loaded().service.ask("shortest-paths", parameters, Scope(), Caller())
    (link,) = answer.subgraph.links
    assert {str(record.said.grade) for record in link.records} == {"B2", "C3"}


def test_a_case_is_hidden_from_who_does_not_hold_its_marking() -> None:
    bare = loaded().service.stats(Scope(markings=frozenset()), Caller())
    whole = loaded().service.stats(Scope(), Caller())
    assert "Case" not in bare.entities_by_kind
    assert whole.entities_by_kind["Case"] == 4
    assert bare.links < whole.links


def test_people_who_were_moved_are_never_plain_subjects() -> None:
    people = loaded().service.store.get([n for n in loaded().entity_ids if n.startswith("subject:")], [], Scope())
    roles = Counter(role for record in people.entities for role in record.properties.get("analytic_role", ()))
    assert roles == {"ncii": 20}


def test_the_command_writes_a_folder_and_refuses_anything_else(tmp_path: Path) -> None:
    assert main([str(tmp_path / "new" / "folder")]) == 0
    assert (tmp_path / "new" / "folder" / "manifest.toml").exists()
    assert main([]) == 2
    assert main(["--help"]) == 2


@given(st.from_regex(r"[0-9]{14}", fullmatch=True))
def test_account_numbers_have_valid_check_digits(number: str) -> None:
    assert stdnum_iban.is_valid(iban("GB", "ZTMB", number))


@given(st.integers(0, 99_999))
def test_ship_numbers_are_valid_and_of_a_range_that_ships_do_not_have(serial: int) -> None:
    assert stdnum_imo.is_valid(imo(serial))
    assert imo(serial)[0] == "3"


@given(st.integers(0, 999_999))
def test_container_numbers_have_valid_check_digits(serial: int) -> None:
    assert iso6346.is_valid(container("XQMU", serial))


@given(st.lists(st.integers(), max_size=12), st.integers(0, 15))
def test_a_draw_of_several_takes_each_option_once(options: list[int], count: int) -> None:
    drawn = Dice("test").several(options, count)
    assert len(drawn) == min(count, len(options))
    assert not Counter(drawn) - Counter(options)


def test_a_stream_of_chance_depends_on_its_name_alone() -> None:
    def draws(name: str) -> list[int]:
        dice = Dice(name)
        return [dice.between(1, 1_000_000) for _ in range(6)]

    assert draws("one") == draws("one")
    assert draws("one") != draws("other")
