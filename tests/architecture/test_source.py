"""The readers that the other tests of this folder rely on see what they should, on trees made for the purpose."""

from pathlib import Path

import pytest

from tests.architecture.source import Module, cycles, functions, import_graph, modules, strings


def written(root: Path, **files: str) -> tuple[Module, ...]:
    """Modules with these texts; ``__`` in a name separates packages."""
    for name, text in files.items():
        path = root / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        (path.parent / "__init__.py").touch()
    return modules(root, ("app",))


@pytest.mark.parametrize(
    "text",
    [
        "import app.b",
        "import app.b as other",
        "from app import b",
        "from app.b import thing",
        "from . import b",
        "from .b import thing",
        "def f():\n    from app.b import thing",
        "import importlib\nimportlib.import_module('app.b')",
        "from importlib import import_module\nimport_module(f'app.b.{1}')",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from app.b import thing",
    ],
)
def test_every_form_of_import_is_seen(tmp_path: Path, text: str) -> None:
    graph = import_graph(written(tmp_path, app__a=text, app__b="thing = 1"))
    assert graph["app.a"] == {"app.b"}


def test_a_name_from_a_package_that_is_no_module_is_an_import_of_the_package(tmp_path: Path) -> None:
    graph = import_graph(written(tmp_path, app__a="from app.sub import thing", app__sub__c=""))
    assert graph["app.a"] == {"app.sub"}


def test_relative_imports_of_a_package_start_at_itself(tmp_path: Path) -> None:
    (tmp_path / "app" / "sub").mkdir(parents=True)
    (tmp_path / "app" / "sub" / "__init__.py").write_text("from .c import thing\nfrom .. import a", encoding="utf-8")
    (tmp_path / "app" / "sub" / "c.py").write_text("thing = 1", encoding="utf-8")
    (tmp_path / "app" / "a.py").touch()
    (tmp_path / "app" / "__init__.py").touch()
    assert import_graph(modules(tmp_path, ("app",)))["app.sub"] == {"app.sub.c", "app.a"}


def test_imports_from_outside_are_no_edges(tmp_path: Path) -> None:
    assert import_graph(written(tmp_path, app__a="import os\nfrom apple import b"))["app.a"] == frozenset()


def test_a_cycle_is_found_through_others_and_a_diamond_is_none() -> None:
    ring = {"a": frozenset("b"), "b": frozenset("c"), "c": frozenset("a"), "d": frozenset("a")}
    diamond = {"a": frozenset("bc"), "b": frozenset("d"), "c": frozenset("d"), "d": frozenset[str]()}
    assert cycles(ring) == [["a", "b", "c"]]
    assert cycles(diamond) == []


def test_functions_are_measured_without_docstring_decorator_and_receiver(tmp_path: Path) -> None:
    head = "class C:\n    @property\n    def f(self, a, /, b, *c, d=1, **e):\n"
    text = head + '        """One.\n\n        Two.\n        """\n        return a\n'
    (function,) = (each for module in written(tmp_path, app__a=text) for each in functions(module))
    assert (function.name, function.lines, function.parameters) == ("app.a.C.f", 2, 5)


def test_strings_leave_out_docstrings_and_show_the_gaps_of_f_strings(tmp_path: Path) -> None:
    text = '"""Module."""\nX = "one"\n"""About X."""\ndef f(x):\n    "Doc."\n    return f"two {x} three"\n'
    found = [each for module in written(tmp_path, app__a=text) for each in strings(module)]
    assert found == [(2, "one"), (6, "two {} three")]
