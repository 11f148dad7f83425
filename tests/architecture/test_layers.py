"""The layers of the house: every module has a rank, and imports go downwards only."""

import ast
from collections.abc import Iterable, Mapping

import pytest

from tests.architecture.source import Module, cycles, docstring_node, import_graph, modules

# One row a layer, lowest first. "a.b" is that module alone, "a.b.*" is it and all below it; the longest pattern counts.
# Within a layer modules may import each other, except between the families of an isolated layer.
LAYERS = (
    ("graph_service", "graph_service.errors", "graph_service.model.*"),
    (
        "graph_service.store",
        "graph_service.store.protocol",
        "graph_service.store.rows",
        "graph_service.store.evidence",
        "graph_service.network.*",
    ),
    ("graph_service.store.embedded.*", "graph_service.store.neo4j.*", "loaders.*", "queries.*", "viz.*"),
    ("graph_service.service", "graph_service.audit"),
    ("graph_service.config", "graph_service.bootstrap"),
    ("graph_service.api.*", "graph_service.cli.*"),
)
ISOLATED = 2


def place(name: str) -> tuple[int, str] | None:
    """The layer of a module and the pattern that put it there, or None for a module without a rank."""
    matching = [
        (len(pattern), layer, pattern)
        for layer, patterns in enumerate(LAYERS)
        for pattern in patterns
        if name == pattern.removesuffix(".*") or (pattern.endswith(".*") and name.startswith(pattern[:-1]))
    ]
    return max(matching)[1:] if matching else None


def breaches(graph: Mapping[str, Iterable[str]]) -> list[str]:
    """Each import that goes upwards, or sideways in the isolated layer, as a line to read."""
    found = []
    for name, targets in graph.items():
        here = place(name)
        for target in targets:
            there = place(target)
            if here is None or there is None:
                continue
            if there[0] > here[0]:
                found.append(f"{name} (L{here[0]}) imports {target} (L{there[0]}), which is above it")
            elif there[0] == here[0] == ISOLATED and there[1] != here[1]:
                found.append(f"{name} imports {target}: {here[1]} and {there[1]} do not know each other")
    return sorted(found)


def test_every_module_has_a_rank() -> None:
    unranked = [each.name for each in modules() if place(each.name) is None]
    assert not unranked, f"give these a place in LAYERS: {unranked}"


def test_imports_go_downwards_only() -> None:
    assert breaches(import_graph(modules())) == []


def test_no_modules_import_each_other_in_a_ring() -> None:
    assert cycles(import_graph(modules())) == []


def test_every_folder_with_modules_is_a_package() -> None:
    assert (
        sorted({str(each.path.parent) for each in modules() if not (each.path.parent / "__init__.py").is_file()}) == []
    )


def says_only_what_it_is(module: Module) -> bool:
    """Whether a package's ``__init__`` is a docstring, and for the root the version beside it."""
    rest = [node for node in module.tree.body if node is not docstring_node(module.tree)]
    if module.name != "graph_service":
        return not rest
    return all(isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__version__" for node in rest)


def test_packages_hold_a_docstring_only() -> None:
    assert [each.name for each in modules() if each.is_package and not says_only_what_it_is(each)] == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("graph_service", 0),
        ("graph_service.model", 0),
        ("graph_service.model.values", 0),
        ("graph_service.store.protocol", 1),
        ("graph_service.store.neo4j.gds", 2),
        ("queries.playbooks.x", 2),
        ("graph_service.api.routers.health", 5),
    ],
)
def test_the_table_ranks_the_design(name: str, expected: int) -> None:
    found = place(name)
    assert found is not None
    assert found[0] == expected


@pytest.mark.parametrize(
    "name",
    ["graph_service.utils", "graph_service.services", "graph_service.store.other", "vizier", "graph_service.api2"],
)
def test_a_module_outside_the_design_has_no_rank(name: str) -> None:
    assert place(name) is None


@pytest.mark.parametrize(
    ("source", "target", "broken"),
    [
        ("graph_service.model.records", "graph_service.model.time", False),
        ("graph_service.model.records", "graph_service.network.view", True),
        ("graph_service.store.neo4j.store", "graph_service.store.protocol", False),
        ("graph_service.store.neo4j.store", "graph_service.store.neo4j.schema", False),
        ("graph_service.store.neo4j.store", "graph_service.store.embedded.store", True),
        ("queries.lookup.find", "viz.scene", True),
        ("graph_service.service", "queries.catalogue", False),
        ("graph_service.service", "graph_service.bootstrap", True),
        ("graph_service.cli.main", "graph_service.bootstrap", False),
    ],
)
def test_a_breach_is_seen(source: str, target: str, broken: bool) -> None:
    assert bool(breaches({source: [target]})) is broken
