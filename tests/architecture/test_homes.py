"""Some things have one home: Cypher, SQL, and the libraries that bring foreign types with them."""

import re
from collections.abc import Iterable

import pytest

from tests.architecture.source import Module, imported, modules, strings

CYPHER_HOMES = ("queries.*", "graph_service.store.neo4j.*")
SQL_HOMES = ("graph_service.store.embedded.*",)

# A library and the only places that may import it: what it hands out does not leave them.
LIBRARY_HOMES = {
    "duckdb": ("graph_service.store.embedded.*",),
    "fastapi": ("graph_service.api.*",),
    "fastapi_offline": ("graph_service.api.*",),
    "neo4j": ("graph_service.store.neo4j.*",),
    "pyvis": ("viz.chart",),
    "starlette": ("graph_service.api.*",),
    "typer": ("graph_service.cli.*",),
}

# Statements are written in capitals here; one that begins a string is recognised in small letters too.
CYPHER = re.compile(
    r"\bMATCH\s*(\(|\w+\s*=\s*)|\bMERGE\s*\(|\bCREATE\s*(\(|CONSTRAINT\b|((RANGE|TEXT|FULLTEXT)\s+)?INDEX\s+\w+\s+IF\b)"
    r"|\bUNWIND\s+[$\[\w]|\bDETACH\s+DELETE\b|\bCALL\s*(\(\w*\)\s*)?\{|\bCALL\s+(gds|db|dbms|apoc)\."
    r"|^\s*(match|merge|create|optional match)\s*\(\w*\s*[:){]"
)
SQL = re.compile(
    r"\bSELECT\b[\s\S]*\bFROM\b|\bINSERT\s+(OR\s+\w+\s+)?INTO\b|\bDELETE\s+FROM\b|\bUPDATE\s+\w+\s+SET\b"
    r"|\b(CREATE|DROP|ALTER)\s+(OR\s+REPLACE\s+)?(TEMP(ORARY)?\s+)?(TABLE|VIEW|SEQUENCE)\b"
    r"|^\s*(PRAGMA|COPY|ATTACH|CHECKPOINT)\b|^\s*(select\s[\s\S]*\sfrom\s|insert into\s|delete from\s|create table\s)"
)
VAGUE_NAMES = {"util", "utils", "helper", "helpers", "common", "misc"}


def at_home(name: str, homes: Iterable[str]) -> bool:
    """Whether the module is one of these; "a.b.*" stands for it and all below it."""
    return any(
        name == home.removesuffix(".*") or (home.endswith(".*") and name.startswith(home[:-1])) for home in homes
    )


def strays(found: Iterable[Module], statement: re.Pattern[str], homes: Iterable[str]) -> list[str]:
    """Where such a statement stands outside its homes."""
    return [
        f"{module.name}:{line}: {' '.join(text.split())[:60]}"
        for module in found
        if not at_home(module.name, homes)
        for line, text in strings(module)
        if statement.search(text)
    ]


def test_cypher_stands_in_its_homes_only() -> None:
    assert strays(modules(), CYPHER, CYPHER_HOMES) == []


def test_sql_stands_in_its_home_only() -> None:
    assert strays(modules(), SQL, SQL_HOMES) == []


@pytest.mark.parametrize("library", LIBRARY_HOMES)
def test_a_library_is_imported_in_its_home_only(library: str) -> None:
    homes = LIBRARY_HOMES[library]
    importers = [each.name for each in modules() if any(name.split(".")[0] == library for name in imported(each))]
    assert [name for name in importers if not at_home(name, homes)] == []


def test_no_module_is_named_for_nothing_in_particular() -> None:
    assert [each.name for each in modules() if VAGUE_NAMES & set(each.name.split("."))] == []


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (a:Entity {id: $id}) RETURN a",
        "MATCH p = shortestPath((a)-[*]-(b)) RETURN p",
        "  UNWIND $rows AS row\n  MERGE (e:Entity {id: row.id})",
        "CREATE CONSTRAINT entity_id IF NOT EXISTS FOR (e:Entity) REQUIRE e.id IS UNIQUE",
        "CREATE FULLTEXT INDEX entity_text IF NOT EXISTS FOR (e:Entity) ON EACH [e.text]",
        "CALL gds.leiden.stream('g')",
        "CALL (n) { DETACH DELETE n } IN TRANSACTIONS",
        "match (a) return a",
    ],
)
def test_cypher_is_recognised(text: str) -> None:
    assert CYPHER.search(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT id FROM entity",
        "select id\nfrom entity where id = ?",
        "INSERT INTO entity SELECT * FROM rows",
        "INSERT OR REPLACE INTO entity VALUES (?)",
        "UPDATE source SET withdrawn = ?",
        "CREATE TEMP TABLE wanted (id VARCHAR)",
        "PRAGMA table_info('entity')",
        "COPY entity TO ?",
    ],
)
def test_sql_is_recognised(text: str) -> None:
    assert SQL.search(text)


@pytest.mark.parametrize(
    "text",
    [
        "Match (case folded) against names",
        "matches on the key (tax number)",
        "Select an entity from the list, or two for a path between them",
        "select from the list",
        "create (or replace) the file",
        "the merge (of records) as shown",
        "Created from the loader's records",
        "copy the text",
    ],
)
def test_prose_is_left_alone(text: str) -> None:
    assert not CYPHER.search(text)
    assert not SQL.search(text)
