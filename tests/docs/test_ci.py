"""The workflow and the tests that the manual shows for CI work as they stand there."""

import re
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest

from docs.examples import DOCS, SCENARIOS
from tests.surroundings import outer

PAGE = (DOCS / "how-to" / "check-in-ci.md").read_text(encoding="utf-8")

LAUNCH = {
    "treadle": (sys.executable, "-P", str(DOCS.parent / "treadle.py")),
    "pytest": (
        *(sys.executable, "-m", "pytest", "-p", "treadle", "-p", "no:cacheprovider"),
        *("-c", "/dev/null", "--rootdir", ".", "--strict-markers", "-W", "error"),
    ),
}
"""How the commands of the page are started here."""


def shown(language: str) -> list[str]:
    """The texts in a language that the page shows."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def steps() -> list[str]:
    """The commands of the workflow that are about models."""
    (text,) = shown("yaml")
    commands = re.findall(r"^ +run: (.*)$", text, re.MULTILINE)
    return [each for each in commands if each.partition(" ")[0] in LAUNCH]


@pytest.mark.slow
def test_the_workflow_passes_with_the_tests_of_the_page(steps: list[str], tmp_path: Path) -> None:
    place = copytree(SCENARIOS, tmp_path / "project")
    for number, text in enumerate(shown("python"), start=1):
        (place / f"test_page_{number}.py").write_text(text, encoding="utf-8")
    assert len(steps) == 3
    for step in steps:
        word, *arguments = step.split()
        done = subprocess.run(  # noqa: S603  # commands out of our own page
            [*LAUNCH[word], *arguments],
            cwd=place,
            env={**outer(), "PYTHONPATH": str(DOCS.parent)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{step}\n{done.stdout}{done.stderr}"
    left = sorted(each.name for each in (place / "artifacts").iterdir())
    assert left == ["models.xml", "tests.xml"]
    assert (place / "artifacts" / "tests.xml").read_text(encoding="utf-8").count("<testcase ") == 3
