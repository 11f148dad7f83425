"""The source tree as values: modules, the imports between them, their functions and their strings.

Read with the standard library's ``ast``, so that nothing is imported and an import inside a function or under
``TYPE_CHECKING`` counts like any other. Every reader takes a root, for the tests of the readers themselves.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("graph_service", "loaders", "queries", "viz")


@dataclass(frozen=True, slots=True)
class Module:
    """One file of Python: its dotted name, where it is, and what it says."""

    name: str
    path: Path
    text: str
    tree: ast.Module

    @property
    def is_package(self) -> bool:
        """Whether this is the ``__init__`` of a package."""
        return self.path.name == "__init__.py"

    @property
    def lines(self) -> int:
        """Physical lines."""
        return len(self.text.splitlines())


@dataclass(frozen=True, slots=True)
class Function:
    """One function or method, with the name of its module and of what encloses it."""

    module: str
    qualname: str
    node: ast.FunctionDef | ast.AsyncFunctionDef

    @property
    def name(self) -> str:
        """The full dotted name."""
        return f"{self.module}.{self.qualname}"

    @property
    def lines(self) -> int:
        """Lines from ``def`` to the end, without the docstring and without decorators."""
        docstring = docstring_node(self.node)
        shown = (docstring.end_lineno or 0) - docstring.lineno + 1 if docstring else 0
        return (self.node.end_lineno or self.node.lineno) - self.node.lineno + 1 - shown

    @property
    def parameters(self) -> int:
        """Parameters a caller may give, without ``self`` and ``cls``."""
        arguments = self.node.args
        named = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
        receiver = 1 if named and named[0] in {"self", "cls"} else 0
        return len(named) - receiver + len(arguments.kwonlyargs) + bool(arguments.vararg) + bool(arguments.kwarg)


@cache
def modules(root: Path = ROOT, folders: tuple[str, ...] = PACKAGES) -> tuple[Module, ...]:
    """Every module in these folders of the root, by name; a folder that is not there has none."""
    paths = sorted(path for folder in folders for path in (root / folder).rglob("*.py"))
    return tuple(_module(root, path) for path in paths)


def _module(root: Path, path: Path) -> Module:
    parts = path.relative_to(root).with_suffix("").parts
    text = path.read_text(encoding="utf-8")
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(name, path, text, ast.parse(text, filename=str(path)))


def imported(module: Module) -> frozenset[str]:
    """Every dotted name that the module imports, relative ones resolved; ``from a import b`` gives ``a.b``.

    A call of ``import_module`` counts as far as its text is known: ``f"a.{b}"`` gives ``a``.
    """
    names: set[str] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            names.update(each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _base(module, node)
            names.update(f"{base}.{each.name}" for each in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "import_module" and node.args:
            names.add(_text(node.args[0]).split("{")[0].rstrip("."))
    return frozenset(names - {""})


def _base(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    kept = parts[: len(parts) - node.level + module.is_package]
    return ".".join([*kept, node.module] if node.module else kept)


def import_graph(found: tuple[Module, ...]) -> Mapping[str, frozenset[str]]:
    """The modules among these that each of them imports.

    The longest known prefix of an imported name is what is imported. A package that only stands on the way to its
    module is no import; one imported by its own name is.
    """
    known = {each.name for each in found}

    def resolved(name: str) -> str | None:
        parts = name.split(".")
        return next((".".join(parts[:n]) for n in range(len(parts), 0, -1) if ".".join(parts[:n]) in known), None)

    return {each.name: frozenset(filter(None, map(resolved, imported(each)))) - {each.name} for each in found}


def cycles(graph: Mapping[str, frozenset[str]]) -> list[list[str]]:
    """The groups of two or more modules that import each other, directly or through others, each sorted."""
    reach = {name: _reachable(graph, name) for name in graph}
    groups = {
        frozenset({other for other in reach[name] if name in reach[other]}) for name in graph if name in reach[name]
    }
    return sorted(sorted(group) for group in groups)


def _reachable(graph: Mapping[str, frozenset[str]], start: str) -> frozenset[str]:
    seen: set[str] = set()
    todo = list(graph[start])
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo.extend(graph[name])
    return frozenset(seen)


def functions(module: Module) -> Iterator[Function]:
    """Every function and method of the module, nested ones included."""

    def inside(node: ast.AST, prefix: str) -> Iterator[Function]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                yield Function(module.name, prefix + child.name, child)
                yield from inside(child, f"{prefix}{child.name}.")
            elif isinstance(child, ast.ClassDef):
                yield from inside(child, f"{prefix}{child.name}.")
            else:
                yield from inside(child, prefix)

    yield from inside(module.tree, "")


def docstring_node(node: ast.AST) -> ast.Expr | None:
    """The statement that is the docstring of a module, class or function, if it has one."""
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
        first = node.body[0]
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
            return first
    return None


def strings(module: Module) -> Iterator[tuple[int, str]]:
    """Line and text of every string that is data, not bare ones (docstrings); a gap of an f-string shows as ``{}``."""
    bare = {id(node.value) for node in ast.walk(module.tree) if isinstance(node, ast.Expr)}
    parts = {id(part) for node in ast.walk(module.tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(module.tree):
        if id(node) in bare or id(node) in parts:
            continue
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            yield node.lineno, _text(node)


def _text(node: ast.expr) -> str:
    """The text of a string or an f-string as far as it is written there, ``{}`` for what is not."""
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else "{}"
