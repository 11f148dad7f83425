"""What is installed is what is used: every library that is imported is declared, and the other way round."""

import re
import sys
import tomllib

from tests.architecture.source import PACKAGES, ROOT, imported, modules

# How a library is imported, where that differs from the name it is installed by.
IMPORT_NAMES = {"python-multipart": "multipart", "python-stdnum": "stdnum"}

# Declared without an import of our own, and why.
USED_BY_OTHERS = {
    "python-multipart": "FastAPI reads uploads with it",
    "scipy": "NetworkX ranks with it: the fallback engine's PageRank",
    "starlette": "FastAPI stands on it; declared for its floor",
}


def declared(group: str | None = None) -> frozenset[str]:
    """The names of the core requirements, or of those of an extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = project["optional-dependencies"][group] if group else project["dependencies"]
    return frozenset(re.split(r"[\[<>=!~; ]", line, maxsplit=1)[0].lower() for line in lines)


def import_name(requirement: str) -> str:
    """The module that a requirement installs."""
    return IMPORT_NAMES.get(requirement, requirement.replace("-", "_"))


def foreign() -> frozenset[str]:
    """The top-level modules that the product imports and that are neither its own nor Python's."""
    roots = {name.split(".")[0] for module in modules() for name in imported(module)}
    return frozenset(roots - set(PACKAGES) - set(sys.stdlib_module_names) - {"__future__"})


def test_what_is_imported_is_declared() -> None:
    names = {import_name(each) for each in declared() | declared("frames")}
    assert sorted(foreign() - names) == []


def test_what_is_declared_is_imported() -> None:
    assert sorted(each for each in declared() - set(USED_BY_OTHERS) if import_name(each) not in foreign()) == []


def test_every_declared_package_is_locked_and_locks_hold_names_and_versions_only() -> None:
    for file, groups in {"requirements.lock": (None,), "requirements-dev.lock": (None, "frames", "dev")}.items():
        lines = [line for line in (ROOT / file).read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!-]+", line)] == []
        locked = {line.split("==")[0].lower().replace("_", "-").replace(".", "-") for line in lines}
        wanted = {each for group in groups for each in declared(group)} - {"graph-service"}
        assert sorted(wanted - locked) == []
