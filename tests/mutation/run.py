"""Run mutation testing, and say what it has shown: `make mutants`.

What is interrupted is taken up again, as long as nothing that the mutants depend on has changed: the
code, its tests, and the settings. Then all starts anew, for mutmut does not look again at mutants
that are dead, whatever has become of the tests that killed them.
"""

import argparse
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.mutation.listed import read_listed
from tests.mutation.mutants import read_files
from tests.mutation.parts import PARTS
from tests.mutation.report import report

ROOT = Path(__file__).parents[2]
LISTED = Path(__file__).with_name("equivalents.toml")


def main() -> int:
    """Make the mutants, try them until the time is over, and report."""
    parser = argparse.ArgumentParser(prog="make mutants", description="Mutation testing.")
    parser.add_argument("--part", choices=sorted(PARTS), default="spec")
    parser.add_argument("--minutes", type=float, default=90)
    parser.add_argument("--children", type=int, default=2)
    asked = parser.parse_args()
    part = PARTS[asked.part]
    root = part.workshop(ROOT)
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    settings = project["tool"]["mutmut"]
    folders = tuple(settings["source_paths"])
    tests = settings["pytest_add_cli_args_test_selection"]
    needed = (*folders, *settings.get("also_copy", ()), *tests, "tests/conftest.py")
    start_anew_unless(fingerprint(root, needed), root / "mutants")
    forget_torn(root / "mutants", folders)
    try_mutants(root, 60 * asked.minutes, asked.children)
    forget_torn(root / "mutants", folders)
    told = report(read_files(root, folders), part.of(read_listed(LISTED)), part.enough)
    sys.stdout.write("\n".join((*told.lines, "")))
    return 0 if told.passed else 1


def fingerprint(root: Path, places: tuple[str, ...]) -> str:
    """What the mutants depend on: the settings, and every Python file in some places."""
    digest = hashlib.sha256((root / "pyproject.toml").read_bytes())
    for place in places:
        top = root / place
        for path in [top] if top.is_file() else sorted(top.rglob("*.py")):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0")
            digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def start_anew_unless(inputs: str, mutants: Path) -> None:
    """Forget the mutants that were made of something else."""
    mark = mutants / "inputs"
    if mark.is_file() and mark.read_text(encoding="utf-8") == inputs:
        return
    shutil.rmtree(mutants, ignore_errors=True)
    mutants.mkdir()
    mark.write_text(inputs, encoding="utf-8")


def forget_torn(mutants: Path, folders: tuple[str, ...]) -> None:
    """Forget the mutants and results that were being written when a run was interrupted."""
    for mutated in (path for folder in folders for path in (mutants / folder).rglob("*.py")):
        meta = mutated.with_name(mutated.name + ".meta")
        try:
            json.loads(meta.read_bytes())
        except (FileNotFoundError, ValueError):
            mutated.unlink()
            meta.unlink(missing_ok=True)


def try_mutants(root: Path, seconds: float, children: int) -> None:
    """Let mutmut try the mutants that are not tried yet, and interrupt it when the time is over."""
    mutmut = Path(sys.executable).with_name("mutmut")
    command = (mutmut, "run", "--max-children", str(children))
    running = subprocess.Popen(command, cwd=root, start_new_session=True)  # noqa: S603  # constant
    try:
        running.wait(seconds)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        os.killpg(running.pid, signal.SIGTERM)
        running.wait()


if __name__ == "__main__":
    sys.exit(main())
