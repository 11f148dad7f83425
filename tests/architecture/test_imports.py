"""What an import costs: a command that prints its help must not load a compiler, a driver and a web server first."""

import subprocess
import sys

import pytest

from tests.architecture.source import PACKAGES, ROOT, modules

HEAVY = frozenset(
    {
        "duckdb",
        "fastapi",
        "neo4j",
        "networkx",
        "numba",
        "numpy",
        "pandas",
        "polars",
        "pyarrow",
        "pyvis",
    }
)

# Each module, and what importing it must not bring along.
LIGHT = dict.fromkeys((each.name for each in modules() if each.name.startswith("graph_service.model.")), HEAVY) | {
    "graph_service.errors": HEAVY,
    "graph_service.config": HEAVY,
    "graph_service.cli.main": HEAVY,
}


def brought_along(name: str) -> frozenset[str]:
    """The top-level packages that importing the module loads in a new interpreter, itself included."""
    script = f"import sys; before = set(sys.modules); import {name}; print(*set(sys.modules) - before)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return frozenset(done.stdout.split())


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_brings_nothing_along(name: str) -> None:
    assert brought_along(name) == {name}


@pytest.mark.parametrize("name", LIGHT)
def test_a_light_module_brings_nothing_heavy_along(name: str) -> None:
    loaded = {each.split(".")[0] for each in brought_along(name)}
    assert sorted(loaded & LIGHT[name]) == []


def test_a_heavy_import_is_seen() -> None:
    assert "numpy" in brought_along("numpy.linalg")
