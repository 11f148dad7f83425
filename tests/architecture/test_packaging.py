"""What is in the tree is in the wheel: a data file that no pattern names would be there for developers only."""

import tomllib

from tests.architecture.source import PACKAGES, ROOT, modules

NOT_SHIPPED = {"__pycache__"}


def packaged() -> set[str]:
    """The files that the patterns of package-data match, as paths from the root."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"][
        "package-data"
    ]
    folders = {package: ROOT / package.replace(".", "/") for package in settings}
    matched = (
        path for package, patterns in settings.items() for each in patterns for path in folders[package].glob(each)
    )
    return {str(path.relative_to(ROOT)) for path in matched}


def data_files() -> set[str]:
    """The files in the packages that are not modules."""
    paths = (path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file())
    return {str(path.relative_to(ROOT)) for path in paths if path.suffix != ".py" and not NOT_SHIPPED & set(path.parts)}


def test_every_data_file_is_packaged() -> None:
    assert sorted(data_files() - packaged()) == []


def test_every_package_is_found_by_its_name() -> None:
    """Setuptools finds the packages below these four names only: tests and benchmarks stay out of the wheel."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    assert sorted(settings["packages"]["find"]["include"]) == sorted([*PACKAGES, *(f"{each}.*" for each in PACKAGES)])
    assert {each.name.split(".")[0] for each in modules()} <= set(PACKAGES)
