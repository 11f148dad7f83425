"""Budgets of size, printed at every run: a breach fails unless it stands here with its reason."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TypeVar

import pytest

from tests.architecture.source import PACKAGES, Function, Module, functions, modules

MODULE_MEDIAN, MODULE_P90, MODULE_MAX = 100, 250, 400
FUNCTION_P90, FUNCTION_MAX = 30, 60
PARAMETERS_MAX = 6
TYPE_IGNORES_MAX = 5

MEDIAN_EXCUSED = 112
"""Why the median may be so much: a question is one file with its parameters, its result, both engines and its entry in
the catalogue, 150 to 220 lines that are read together; there are twenty-seven of them."""
# Full name, or "name.*" for all below it, and why it may go over.
LONG_MODULES: Mapping[str, str] = {}
LONG_FUNCTIONS: Mapping[str, str] = {}
MANY_PARAMETERS: Mapping[str, str] = {
    "graph_service.cli.*": "typer: an option of a command is a parameter of its function",
    "graph_service.network.kernels.*": "numba takes arrays one by one, not a parameter object",
}

Sized = TypeVar("Sized", Module, Function)

EVERYTHING = (*PACKAGES, "tests", "benchmarks")
TYPE_IGNORE = re.compile(r"#\s*type:\s*ignore\b")


def excused(name: str, reasons: Collection[str]) -> bool:
    return any(name == each or (each.endswith(".*") and name.startswith(each[:-1])) for each in reasons)


def quantile(values: Sequence[int], share: float) -> int:
    """The smallest value that at least this share of the values does not exceed; 0 for none."""
    return sorted(values)[max(0, -int(-share * len(values) // 1) - 1)] if values else 0


def over(items: Iterable[Sized], size: Callable[[Sized], int], most: int, reasons: Mapping[str, str]) -> list[str]:
    """The items above the limit that no reason excuses, largest first."""
    large = sorted(((size(each), each.name) for each in items if size(each) > most), reverse=True)
    return [f"{name}: {amount} > {most}" for amount, name in large if not excused(name, reasons)]


def written() -> list[Module]:
    """The modules of the product that hold code."""
    return [each for each in modules() if not each.is_package]


def all_functions(found: Iterable[Module]) -> list[Function]:
    return [function for module in found for function in functions(module)]


def test_modules_are_short(capsys: pytest.CaptureFixture[str]) -> None:
    sizes = [each.lines for each in written()]
    tell(
        capsys,
        "module lines",
        {"median": (quantile(sizes, 0.5), MODULE_MEDIAN), "p90": (quantile(sizes, 0.9), MODULE_P90)},
        sizes,
        MODULE_MAX,
    )
    assert over(modules(folders=EVERYTHING), lambda each: each.lines, MODULE_MAX, LONG_MODULES) == []
    assert quantile(sizes, 0.9) <= MODULE_P90
    assert quantile(sizes, 0.5) <= max(MODULE_MEDIAN, MEDIAN_EXCUSED)


def test_functions_are_short(capsys: pytest.CaptureFixture[str]) -> None:
    sizes = [each.lines for each in all_functions(written())]
    tell(capsys, "function lines", {"p90": (quantile(sizes, 0.9), FUNCTION_P90)}, sizes, FUNCTION_MAX)
    assert over(all_functions(modules(folders=EVERYTHING)), lambda each: each.lines, FUNCTION_MAX, LONG_FUNCTIONS) == []
    assert quantile(sizes, 0.9) <= FUNCTION_P90


def test_functions_take_few_parameters(capsys: pytest.CaptureFixture[str]) -> None:
    sizes = [each.parameters for each in all_functions(written())]
    tell(capsys, "parameters", {}, sizes, PARAMETERS_MAX)
    assert over(all_functions(written()), lambda each: each.parameters, PARAMETERS_MAX, MANY_PARAMETERS) == []


def test_types_are_rarely_ignored(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [
        f"{module.name}:{number}"
        for module in modules(folders=EVERYTHING)
        for number, line in enumerate(module.text.splitlines(), 1)
        if TYPE_IGNORE.search(line)
    ]
    tell(capsys, "type ignores", {"in all": (len(lines), TYPE_IGNORES_MAX)}, [], 0)
    assert len(lines) <= TYPE_IGNORES_MAX, lines


def test_there_is_as_much_test_as_code(capsys: pytest.CaptureFixture[str]) -> None:
    code, test = (sum(each.lines for each in modules(folders=folders)) for folders in (PACKAGES, ("tests",)))
    made_up = sum(each.lines for each in modules(folders=("loaders/scenario",)))
    tell(capsys, "lines", {"test, at least code": (test, code), "of which the made-up case": (made_up, code)}, [], 0)
    assert test >= code - made_up, "the made-up case is held byte for byte by one short test, and its data are its test"


def test_no_reason_outlives_its_breach() -> None:
    """A reason is still needed when a breach stands behind it, or when what it names is not written yet."""
    names = {each.name for each in modules(folders=EVERYTHING)}
    checks: list[tuple[Mapping[str, str], list[str]]] = [
        (LONG_MODULES, over(modules(folders=EVERYTHING), lambda each: each.lines, MODULE_MAX, {})),
        (LONG_FUNCTIONS, over(all_functions(modules(folders=EVERYTHING)), lambda each: each.lines, FUNCTION_MAX, {})),
        (MANY_PARAMETERS, over(all_functions(written()), lambda each: each.parameters, PARAMETERS_MAX, {})),
    ]
    stale = [
        reason
        for reasons, breaches in checks
        for reason in reasons
        if any(excused(name, [reason]) or name == reason for name in names)
        and not any(excused(line.split(":")[0], [reason]) for line in breaches)
    ]
    assert stale == []


def tell(
    capsys: pytest.CaptureFixture[str],
    what: str,
    figures: Mapping[str, tuple[int, int]],
    sizes: Sequence[int],
    most: int,
) -> None:
    """Print one line of figures against their budgets, past pytest's capture."""
    shown = [f"{name} {value} ({budget})" for name, (value, budget) in figures.items()]
    if sizes:
        shown.append(f"largest {max(sizes)} ({most})")
    with capsys.disabled():
        print(f"\n  {what}, budget in brackets: {', '.join(shown) or 'none yet'}", end="")


@pytest.mark.parametrize(("share", "expected"), [(0.5, 5), (0.9, 9), (1.0, 10)])
def test_a_quantile_is_the_smallest_value_that_covers_the_share(share: float, expected: int) -> None:
    assert quantile([10, 3, 1, 2, 5, 4, 9, 6, 7, 8], share) == expected
