"""Who may import what, beyond the layers that import-linter keeps."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import models
import properties
import spec

ROOT = Path(__file__).parents[2]
PURE = {"attrs", "pyrsistent", "spec"}
IMPURE = {
    *("asyncio", "concurrent", "ctypes", "datetime", "fileinput", "glob", "http", "io", "logging"),
    *("multiprocessing", "os", "pathlib", "pickle", "platform", "random", "secrets", "select"),
    *("shelve", "shutil", "signal", "socket", "sqlite3", "ssl", "subprocess", "sys", "tempfile"),
    *("threading", "time", "urllib", "uuid", "weakref"),
}
IMPURE_CALLS = {"breakpoint", "eval", "exec", "input", "open", "print"}


def sources(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Every module of the folders: its path in the project, and its syntax tree."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_bytes())


def imported(tree: ast.Module) -> set[str]:
    """The top-level names of the modules that a module imports, wherever in it."""
    plain = (
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    )
    parts = (node.module or "." for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    return {name.partition(".")[0] for name in (*plain, *parts)}


def called(tree: ast.Module) -> set[str]:
    """The plain names that a module calls."""
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {function.id for function in calls if isinstance(function, ast.Name)}


def test_a_checkout_uses_its_own_packages() -> None:
    for package in (spec, properties, models):
        assert package.__file__ == str(ROOT / package.__name__ / "__init__.py")


def test_spec_imports_nothing_but_pure_libraries() -> None:
    allowed = (sys.stdlib_module_names | PURE) - IMPURE
    found = {path: imported(tree) - allowed for path, tree in sources("spec")}
    assert {path: names for path, names in found.items() if names} == {}


def test_spec_calls_nothing_that_reads_or_writes() -> None:
    found = {path: called(tree) & IMPURE_CALLS for path, tree in sources("spec")}
    assert {path: names for path, names in found.items() if names} == {}


def test_only_the_machines_import_hypothesis() -> None:
    found = [
        path
        for path, tree in sources("spec", "properties", "models")
        if "hypothesis" in imported(tree) and not path.startswith("models/machines/")
    ]
    assert found == []
