"""Every public module, class, function and method says what it is for."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import Module, modules

MEANT_FOR_PYTHON = "__"


def undocumented(module: Module) -> Iterator[str]:
    """The public things of a module without a docstring; special methods and overloads need none."""
    if not (ast.get_docstring(module.tree) or "").strip():
        yield module.name
    yield from _undocumented(module.tree.body, module.name)


def _undocumented(body: list[ast.stmt], prefix: str) -> Iterator[str]:
    for node in body:
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or node.name.startswith("_"):
            continue
        decorators = {ast.unparse(each) for each in node.decorator_list}
        if decorators & {"overload", "typing.overload", "override", "typing.override"} or any(
            each.endswith(".setter") for each in decorators
        ):
            continue
        if not (ast.get_docstring(node) or "").strip():
            yield f"{prefix}.{node.name}"
        if isinstance(node, ast.ClassDef):
            yield from _undocumented(node.body, f"{prefix}.{node.name}")


def test_every_public_thing_is_documented() -> None:
    assert [name for module in modules() for name in undocumented(module)] == []


def test_what_is_missing_is_seen(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "a.py").write_text(
        "def f(): ...\n"
        "def _private(): ...\n"
        "class C:\n"
        '    """Said."""\n'
        "    def __len__(self): ...\n"
        "    def method(self): ...\n"
        "    async def said(self):\n"
        '        """Said."""\n',
        encoding="utf-8",
    )
    (module,) = modules(tmp_path, ("app",))
    assert list(undocumented(module)) == ["app.a", "app.a.f", "app.a.C.method"]
