"""What is written down: docstrings, versions, and no trace of any one machine."""

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from spec import VERSION

ROOT = Path(__file__).parents[2]
MACHINE_PATHS = tuple(f"/{folder}/".encode() for folder in ("work", "root", "tmp", "home", "Users"))


def kept_files() -> Iterator[Path]:
    """Every file that git keeps, or would keep if it were added."""
    command = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)  # noqa: S603  # constant
    if listed.returncode:
        pytest.skip("this is not a git checkout")
    paths = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return (path for path in paths if path.is_file())


def undocumented(path: Path) -> Iterator[str]:
    """Name the public functions and classes of a module that say nothing about themselves."""
    for node in ast.parse(path.read_bytes()).body:
        if (
            isinstance(node, ast.FunctionDef | ast.ClassDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
        ):
            yield f"{path.relative_to(ROOT).as_posix()}: {node.name}"


def test_every_public_function_and_class_of_spec_has_a_docstring() -> None:
    found = [name for path in sorted((ROOT / "spec").rglob("*.py")) for name in undocumented(path)]
    assert found == []


def test_no_kept_file_names_a_folder_of_one_machine() -> None:
    found = [
        (path.relative_to(ROOT).as_posix(), number, line)
        for path in kept_files()
        for number, line in enumerate(path.read_bytes().splitlines(), start=1)
        if any(folder in line for folder in MACHINE_PATHS)
    ]
    assert found == []


def test_the_citation_names_the_version() -> None:
    lines = (ROOT / "CITATION.cff").read_text(encoding="utf-8").splitlines()
    assert f"version: {VERSION}" in lines


def test_every_lower_bound_is_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"].values()
    needed = (*project["project"]["dependencies"], *(line for group in groups for line in group))
    named = [line for line in needed if isinstance(line, str)]  # a group may include another one
    assert [line for line in named if ">=" not in line or "<" in line] == []
