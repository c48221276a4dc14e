"""The parts of the project that are mutated, and where each is tried: `make mutants PART=...`.

Mutmut takes its settings from the `pyproject.toml` of the folder it runs in, and there is one. So the
specification is tried where it is, and the properties in a copy that has settings of their own.
"""

import re
import shutil
from pathlib import Path

from attrs import frozen

from tests.mutation.listed import Listed

COPIED = ("spec", "properties", "models", "tests")
"""What the tests of the properties need."""
SECTION = re.compile(r"^\[tool\.mutmut\]\n(?:(?!\[).*\n)*", re.MULTILINE)
"""The settings of mutmut in a `pyproject.toml`."""


@frozen
class Part:
    """A package whose mutants are tried together."""

    name: str
    """The package."""
    enough: float
    """The score, in per cent, that is asked for."""
    settings: str | None = None
    """The file of this folder with its settings; without one, those of the project hold."""

    def workshop(self, root: Path) -> Path:
        """The folder where it is tried: that of the project, or an up-to-date copy."""
        if self.settings is None:
            return root
        copy = root / f"mutants-of-{self.name}"
        copy.mkdir(exist_ok=True)
        for folder in COPIED:
            shutil.rmtree(copy / folder, ignore_errors=True)
            unneeded = shutil.ignore_patterns("__pycache__", "node_modules")
            shutil.copytree(root / folder, copy / folder, ignore=unneeded)
        own = Path(__file__).with_name(self.settings).read_text(encoding="utf-8")
        project = (root / "pyproject.toml").read_text(encoding="utf-8")
        (copy / "pyproject.toml").write_text(with_settings(project, own), encoding="utf-8")
        return copy

    def of(self, listed: Listed) -> Listed:
        """What a list says about this part."""
        within = f"{self.name}."
        return Listed(
            tuple(each for each in listed.equivalent if each.function.startswith(within)),
            tuple(each for each in listed.unmutated if each.function.startswith(within)),
        )


PARTS = {part.name: part for part in (Part("spec", 95), Part("properties", 100, "properties.toml"))}
"""The parts, by name: of the properties every survivor is to be killed, or listed with a reason."""


def with_settings(project: str, own: str) -> str:
    """The text of a `pyproject.toml` with other settings of mutmut."""
    return f"{SECTION.sub('', project)}\n{own}"
